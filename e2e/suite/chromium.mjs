import { inBrowser } from "./load.mjs";

await inBrowser("Chromium");
