// 320 CSS pixels, which is also 1280 at four times the size (WCAG 1.4.10): nothing runs out at the side.
import assert from "node:assert/strict";
import test from "node:test";
import { inBrowsers } from "./browsers.mjs";
import { start } from "./harness.mjs";
import { complaintDialog, disputeNotice, inbox, plainForms, policyPages, withdrawalDialog } from "./states.mjs";

inBrowsers("320 pixels", (browser) => {
  for (const [what, walk] of Object.entries({
    "withdrawal in the dialog": withdrawalDialog,
    "complaint in the dialog": complaintDialog,
    "dispute notice": disputeNotice,
    "pages": (visitor, program, look) => policyPages(visitor, program, look, "de-DE"),
    "forms without script": plainForms,
    "inbox": inbox,
  })) {
    test(what, async (t) => {
      const program = await start(t), visitor = await browser().visitor(t, { width: 320, height: 640 });
      const found = [];
      await walk(visitor, program, async (state) => found.push(...(await tooWide(visitor.page)).map((one) => `${state}: ${one}`)));
      assert.deepEqual(found, []);
    });
  }
});

// A table may scroll in a box of its own; the page and the dialog may not.
const tooWide = (page) => page.evaluate(() => {
  const all = (root) => [...root.querySelectorAll("*")].flatMap((e) => (e.shadowRoot ? [e, ...all(e.shadowRoot)] : [e]));
  const everything = all(document), modal = everything.find((e) => e.matches("dialog:modal"));
  return [document.scrollingElement, modal].filter((box) => box && box.scrollWidth > box.clientWidth)
    .map((box) => `${box.localName} is ${box.scrollWidth} wide in ${box.clientWidth}`);
});
