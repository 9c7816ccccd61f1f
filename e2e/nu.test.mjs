// The Nu checker has no complaint about any page: those built and those the server makes.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import test from "node:test";
import { inBrowsers } from "./browsers.mjs";
import { pages } from "./dist.mjs";
import { start, startShop } from "./harness.mjs";
import { published } from "./published.mjs";
import { inbox, people, plainForms } from "./states.mjs";

const jar = createRequire(import.meta.url).resolve("vnu-jar/build/dist/vnu.jar");

// What a build can make, by the end of its name, and how many of it the demo shop has at least: it speaks eight locales.
const kinds = {
  "^index": 1, "^playground/index": 1, "^[^/]+/index": 8, "/returns/index": 8, "/overview/index": 8,
  "^[^/]+/[^/]+/versions/index": 6 * 8, "/versions/2026-03-01/index": 7 * 8, "/returns/versions/2026-06-01/index": 8, fragment: 7 * 8,
};

test("Nu checker on the built pages", async (t) => {
  const program = await start(t, ...(await published(t)), "--playground", "--fragment"), built = await pages(program);
  for (const [kind, least] of Object.entries(kinds)) {
    const found = built.filter(({ file }) => new RegExp(kind + ".html$").test(file)).length;
    assert.ok(found >= least, `${kind}: ${found} pages, not ${least}`);
  }
  const isFragment = ({ file }) => path.basename(file) === "fragment.html";
  const files = built.filter((page) => !isFragment(page)).map((page) => path.join(program.dist, page.file));
  assert.deepEqual(await complaints([...files, ...(await around(built.filter(isFragment), program.folder))]), []);
});

test("Nu checker on the pages in every language", async (t) => {
  const program = await startShop(t, "everywhere"), built = await pages(program);
  assert.ok(built.length > 27 * 8, `there are ${built.length} pages`);
  assert.deepEqual(await complaints(built.map(({ file }) => path.join(program.dist, file))), []);
});

// around writes a page for each locale that shows all its fragments, as a shop would, and returns the files.
const around = (fragments, folder) => Promise.all([...new Set(fragments.map(localeOf))].map(async (locale) => {
  const file = path.join(folder, locale + ".html"), all = fragments.filter((fragment) => localeOf(fragment) === locale);
  await writeFile(file, `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"><title>A shop</title></head>` +
    `<body><main><h1>A shop</h1>${all.map(({ html }) => `<section><h2>${locale}</h2>${html}</section>`).join("")}</main></body></html>`);
  return file;
}));

const localeOf = ({ file }) => file.split("/")[0];

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
    await visitor.leaves(() => visitor.click("button", "Abmelden"));
    await people(visitor, program, save);
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
