// Runs many test files in one process, so that a browser is started once and not for each file; the machine's second
// core has another process. Alone, a file is run as usual: node --test hosts.test.mjs
import { readdir } from "node:fs/promises";

// What needs no browser, or only one for a moment.
const plain = ["crash", "headers", "links", "nu"];

export const load = async (wanted) => {
  for (const file of (await readdir(new URL("..", import.meta.url))).sort()) {
    const [, name] = /^(.*)\.test\.mjs$/.exec(file) ?? [];
    if (name && wanted(plain.includes(name))) await import("../" + file);
  }
};

// inBrowser runs what needs a browser in one of them.
export const inBrowser = (name) => {
  process.env.BROWSER = name; // before browsers.mjs is loaded
  return load((plain) => !plain);
};
