// Looks at what a page shows with axe-core, in light and dark, and at 320 CSS pixels (which is also 1280 at four times the
// size, WCAG 1.4.10), where nothing may run out at the side. axe sees about half of what WCAG asks for; focus, order and
// words are in the tests by keyboard, colours on pixels in contrast.test.mjs.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { settled } from "./browsers.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

// inspect lists what is wrong; browser is the name of the browser.
export const inspect = async (page, browser) => [
  ...(await violations(page)),
  ...(browser === "Chromium" ? await inTheDark(page) : []), // Firefox cannot be told by its driver
  ...(await tooWide(page)),
];

// violations are what axe finds on the page as it is.
export const violations = async (page, runOnly = tags) => {
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
