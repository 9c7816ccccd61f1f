import { load } from "./load.mjs";

await load((plain) => plain);
