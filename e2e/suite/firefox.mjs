import { inBrowser } from "./load.mjs";

await inBrowser("Firefox");
