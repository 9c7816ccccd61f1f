// A shop that sells to every country and speaks every language: its pages in every language fit a small screen, one locale of each
// script is accessible, and so are two languages nobody speaks, one of them from right to left.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "node:test";
import { inBrowsers } from "./browsers.mjs";
import { pages } from "./dist.mjs";
import { root, start, startShop } from "./harness.mjs";
import { inspect } from "./inspection.mjs";

// English is looked at elsewhere; of Latin letters, these are the most accented and the longest words.
const scripts = { Latin: "hu-HU", Greek: "el-GR", Cyrillic: "bg-BG" };

inBrowsers("everywhere", (browser, name) => {
  test("fits into 320 pixels in every language", async (t) => {
    const program = await startShop(t, "everywhere"), visitor = await browser().visitor(t), found = [];
    await visitor.page.setViewport({ width: 320, height: 640 });
    const all = (await pages(program)).filter(({ file }) => /^[a-z]+-DE\/(index|returns|withdrawal|guarantee|complaints|disputes|privacy)/.test(file));
    assert.equal(new Set(all.map(({ file }) => file.split("/")[0])).size, 27);
    for (const { file, address } of all) {
      await visitor.goto(address);
      const wide = await visitor.page.evaluate(() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth);
      if (wide > 0) found.push(`${file} runs out by ${wide} pixels`);
    }
    assert.deepEqual([...found, ...visitor.seen.errors], []);
  });

  for (const [script, locale] of Object.entries(scripts)) {
    test(`${locale}: nothing to find in ${script} letters`, async (t) => {
      const program = await startShop(t, "everywhere"), visitor = await browser().visitor(t), found = [];
      for (const { file, address } of (await pages(program)).filter(({ file }) => file.startsWith(locale + "/"))) {
        await visitor.goto(address);
        for (const problem of await inspect(visitor.page, name)) found.push(`${file}: ${problem}`);
      }
      assert.deepEqual([...found, ...visitor.seen.errors], []);
    });
  }

  test("two languages nobody speaks: long words, and from right to left", async (t) => {
    const folder = await mkdtemp(path.join(tmpdir(), "recourse-pseudo-")), texts = path.join(folder, "texts");
    execFileSync("go", ["run", "./content/pseudo", texts], { cwd: root });
    const program = await startShop(t, "pseudo", "--content", texts), visitor = await browser().visitor(t), found = [];
    const all = (await pages(program)).filter(({ file }) => /^qp[sr]-/.test(file));
    assert.ok(all.length >= 2 * 8, `there are ${all.length} pages`);
    for (const { file, address } of all) {
      await visitor.goto(address);
      const dir = await visitor.page.evaluate(() => getComputedStyle(document.querySelector("main")).direction);
      if (dir !== (file.startsWith("qpr") ? "rtl" : "ltr")) found.push(`${file}: the text runs ${dir}`);
      // That nobody speaks them, axe knows.
      for (const problem of await inspect(visitor.page, name)) if (!/^(html-lang-valid|valid-lang) /.test(problem)) found.push(`${file}: ${problem}`);
    }
    assert.deepEqual([...found, ...visitor.seen.errors], []);
  });
}, { only: ["Chromium"] });
