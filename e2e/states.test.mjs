// Every state, seen with every eye, in English; the dialog in the other languages is in languages.test.mjs.
import assert from "node:assert/strict";
import test from "node:test";
import { inBrowsers, thorough } from "./browsers.mjs";
import { shared, start } from "./harness.mjs";
import { inspect } from "./inspection.mjs";
import { openByKeyboard, withdrawal } from "./journeys.mjs";
import { complaintDialog, disputeNotice, inbox, people, plainForms, policyPages, withdrawalDialog } from "./states.mjs";

const pagesOf = (locale) => (visitor, program, look) => policyPages(visitor, program, look, locale);

inBrowsers("every state", (browser, name) => {
  const walks = {
    "withdrawal in the dialog": withdrawalDialog,
    "complaint in the dialog": complaintDialog,
    "dispute notice": disputeNotice,
    "forms without script": plainForms,
    "inbox": inbox,
    "people of the inbox": people,
  };
  // A page is printed the same for both browsers, so that one language is enough in the second.
  for (const locale of thorough || name === "Chromium" ? ["en-DE", "de-AT", "pl-PL", "it-IT"] : ["de-DE"]) walks["pages of " + locale] = pagesOf(locale);
  const alone = [complaintDialog, inbox, people]; // one stops the program, the others list what is there
  for (const [what, walk] of Object.entries(walks)) {
    test(`${what}: no violations, nothing cut off at 320 pixels`, async (t) => {
      const program = await (alone.includes(walk) ? start(t) : shared()), visitor = await browser().visitor(t), found = [];
      await walk(visitor, program, async (state) => {
        for (const problem of await inspect(visitor.page, name)) found.push(`${state}: ${problem}`);
      });
      assert.deepEqual(found, []);
    });
  }

  test("the inspection sees into the dialog", async (t) => {
    const program = await shared(), visitor = await browser().visitor(t);
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
