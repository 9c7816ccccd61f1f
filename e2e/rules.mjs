// The rules alone, as a page of a shop runs them: module and host, without the widget.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { hostPage, hostPages, root } from "./harness.mjs";

// built finds a file of dist by what its name is apart from its hash.
export const built = async (program, folder, pattern) => {
  const found = (await readdir(path.join(program.dist, folder))).filter((name) => pattern.test(name));
  assert.equal(found.length, 1, `files like ${pattern} in ${folder}: ${found}`);
  return path.join(program.dist, folder, found[0]);
};

// shopPage opens a page that can start the rules.
export const shopPage = async (t, browser, program) => {
  const host = await readFile(path.join(root, "wasm_exec.js"), "utf8"), wasm = await built(program, "assets", /^rules\..*\.wasm$/);
  const shop = await hostPages(t, { "/": hostPage(""), "/wasm_exec.js": { html: host, headers: { "Content-Type": "text/javascript" } } });
  const { page } = await browser.visitor(t);
  await page.goto(shop + "/");
  await page.evaluate(async (wasm) => {
    const { start } = await import("/wasm_exec.js");
    window.startRules = () => start(wasm);
  }, `${program.base}assets/${path.basename(wasm)}`);
  return page;
};

// startRules leaves them in window.rules and their memory in window.memory, and returns how many milliseconds that took.
export const startRules = (page) => page.evaluate(async () => {
  const instantiate = WebAssembly.instantiateStreaming;
  WebAssembly.instantiateStreaming = async (...given) => {
    const made = await instantiate(...given);
    window.memory = made.instance.exports.memory;
    return made;
  };
  const before = performance.now();
  window.rules = await window.startRules();
  return performance.now() - before;
});
