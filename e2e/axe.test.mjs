// axe-core finds nothing in any state, in both browsers. It sees about half of what WCAG asks for; the rest is in the
// tests by keyboard.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import test from "node:test";
import { inBrowsers } from "./browsers.mjs";
import { start } from "./harness.mjs";
import { complaintDialog, disputeNotice, inbox, plainForms, policyPages, withdrawalDialog } from "./states.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

inBrowsers("axe", (browser, name) => {
  const walks = {
    "withdrawal in the dialog": withdrawalDialog,
    "complaint in the dialog": complaintDialog,
    "dispute notice": disputeNotice,
    "forms without script": plainForms,
    "inbox": inbox,
  };
  // The texts of a page are the same in both browsers; one locale of each language will do.
  for (const locale of name === "Chromium" ? ["en-DE", "de-AT", "pl-PL", "it-IT"] : ["de-DE"]) {
    walks["pages of " + locale] = (visitor, program, look) => policyPages(visitor, program, look, locale);
  }
  for (const [what, walk] of Object.entries(walks)) {
    for (const colours of name === "Chromium" && !what.startsWith("pages") ? ["light", "dark"] : ["light"]) {
      test(`${what}, ${colours}`, async (t) => {
        const program = await start(t), visitor = await browser().visitor(t, { colours });
        const found = [];
        await walk(visitor, program, async (state) => found.push(...(await violations(visitor, state))));
        assert.deepEqual(found, []);
      });
    }
  }
});

const violations = async ({ page }, state) => {
  await page.evaluate(axe);
  const { violations } = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags, resultTypes: ["violations"] }), tags);
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${state}: ${id} at ${node.target.flat().join(" ")}: ${node.failureSummary.replace(/\s+/g, " ")}`));
};
