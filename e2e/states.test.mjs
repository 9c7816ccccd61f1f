// Every state, seen with every eye: axe-core finds nothing in light and dark, and at 320 CSS pixels (which is also 1280 at
// four times the size, WCAG 1.4.10) nothing runs out at the side. axe sees about half of what WCAG asks for; focus,
// order and words are in the tests by keyboard.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import test from "node:test";
import { inBrowsers, settled } from "./browsers.mjs";
import { start } from "./harness.mjs";
import { openByKeyboard, withdrawal } from "./journeys.mjs";
import { complaintDialog, disputeNotice, inbox, plainForms, policyPages, withdrawalDialog } from "./states.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const pagesOf = (locale) => (visitor, program, look) => policyPages(visitor, program, look, locale);

inBrowsers("every state", (browser, name) => {
  const walks = {
    "withdrawal in the dialog": withdrawalDialog,
    "complaint in the dialog": complaintDialog,
    "dispute notice": disputeNotice,
    "forms without script": plainForms,
    "inbox": inbox,
  };
  // A page is printed the same for both browsers, so that one language is enough in the second.
  for (const locale of name === "Chromium" ? ["en-DE", "de-AT", "pl-PL", "it-IT"] : ["de-DE"]) walks["pages of " + locale] = pagesOf(locale);
  for (const [what, walk] of Object.entries(walks)) {
    test(`${what}: no violations, nothing cut off at 320 pixels`, async (t) => {
      const program = await start(t), visitor = await browser().visitor(t), found = [];
      await walk(visitor, program, async (state) => {
        for (const problem of await inspect(visitor.page, name)) found.push(`${state}: ${problem}`);
      });
      assert.deepEqual(found, []);
    });
  }

  test("the inspection sees into the dialog", async (t) => {
    const program = await start(t), visitor = await browser().visitor(t);
    await visitor.goto(program.origin + "/");
    await openByKeyboard(visitor, withdrawal);
    assert.deepEqual(await inspect(visitor.page, name), []);
    await visitor.page.evaluate(() => {
      const form = document.querySelector("recourse-widget").shadowRoot.querySelector("dialog form");
      form.querySelector("label[for=rc-name]").remove();
      form.style.minWidth = "400px";
    });
    const found = (await inspect(visitor.page, name)).join("\n");
    assert.match(found, /label at .*#rc-name/);
    assert.match(found, /at 320 pixels dialog is/);
  });
});

const inspect = async (page, browser) => [
  ...(await violations(page, tags)),
  ...(browser === "Chromium" ? await inTheDark(page) : []), // Firefox cannot be told by its driver
  ...(await tooWide(page)),
];

const violations = async (page, runOnly) => {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  await settled(page);
  const { violations } = await page.evaluate((runOnly) => window.axe.run(document, { runOnly, resultTypes: ["violations"] }), runOnly);
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id} at ${node.target.flat().join(" ")}: ${node.failureSummary.replace(/\s+/g, " ")}`));
};

const inTheDark = async (page) => {
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
  const found = await violations(page, { type: "rule", values: ["color-contrast"] });
  await page.emulateMediaFeatures([]);
  return found.map((one) => "in the dark " + one);
};

// A table may scroll in a box of its own; the page and the dialog may not.
const tooWide = async (page) => {
  await page.setViewport({ width: 320, height: 640 });
  const found = await page.evaluate(() => {
    const all = (root) => [...root.querySelectorAll("*")].flatMap((e) => (e.shadowRoot ? [e, ...all(e.shadowRoot)] : [e]));
    const modal = all(document).find((e) => e.matches("dialog:modal"));
    return [document.scrollingElement, modal, modal?.querySelector(".rc-content")].filter((box) => box && box.scrollWidth > box.clientWidth)
      .map((box) => `at 320 pixels ${box.localName} is ${box.scrollWidth} wide in ${box.clientWidth}`);
  });
  await page.setViewport({ width: 1280, height: 900 });
  return found;
};
