// The Nu checker has no complaint about any page: those built and those the server makes.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import test from "node:test";
import { inBrowsers } from "./browsers.mjs";
import { pages } from "./dist.mjs";
import { start } from "./harness.mjs";
import { inbox, plainForms } from "./states.mjs";

const jar = createRequire(import.meta.url).resolve("vnu-jar/build/dist/vnu.jar");

test("Nu checker on the built pages", async (t) => {
  const program = await start(t);
  const built = await pages(program);
  assert.ok(built.length >= 8 * 7 + 1, `there are ${built.length} pages`);
  assert.deepEqual(await complaints(built.map((page) => path.join(program.dist, page.file))), []);
});

inBrowsers("Nu checker on the server's pages", (browser) => {
  test("forms, receipts, status and inbox", async (t) => {
    const program = await start(t), visitor = await browser().visitor(t), saved = [], sources = [];
    const folder = path.join(program.folder, "pages");
    await mkdir(folder, { recursive: true });
    // The source as it came over the wire; a serialised document would have been mended by the browser.
    let source = "";
    visitor.page.on("response", (answer) => {
      if (answer.request().resourceType() === "document" && answer.status() !== 303) source = answer.text();
    });
    const save = async (state) => {
      const file = path.join(folder, state + ".html"), html = await source;
      sources.push(html);
      await writeFile(file, html);
      saved.push(file);
    };
    await plainForms(visitor, program, save);
    await inbox(visitor, program, save);
    assert.ok(saved.length >= 12 && new Set(sources).size === saved.length, "every state has a source of its own");
    assert.deepEqual(await complaints(saved), []);
  });
}, { only: ["Chromium"] });

const complaints = async (files) => {
  const output = await new Promise((done, failed) => {
    execFile("java", ["-jar", jar, "--format", "json", "--stdout", "--exit-zero-always", ...files], { maxBuffer: 64 << 20 },
      (error, stdout) => (error ? failed(error) : done(stdout)));
  });
  return JSON.parse(output).messages.map(({ url, lastLine, type, subType, message, extract }) =>
    `${url}:${lastLine}: ${subType ?? type}: ${message} in ${extract}`);
};
