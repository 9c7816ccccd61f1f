// A draft lives as long as the page. On the device it is kept only where the visitor asks for it, for a day, until it is
// sent or deleted.
import assert from "node:assert/strict";
import test from "node:test";
import { inBrowsers } from "./browsers.mjs";
import { hostPage, hostPages, shared, tag } from "./harness.mjs";
import { complaint, labels, onHeading, readReceipt, valueOf, withdrawal } from "./journeys.mjs";

const offer = "Keep this draft on this device", keeps = "The draft is kept on this device until it is sent or this browser tab is closed, for at most 24 hours.";

inBrowsers("draft", (browser) => {
  let program;
  test.before(async () => { program = await shared(); });

  const visit = async (t, headers) => {
    const visitor = await browser().visitor(t);
    await visitor.goto(await hostPages(t, { "/": hostPage(tag(program), { headers }) }) + "/");
    return visitor;
  };

  test("kept after a press only, with all answers, and gone when it is sent", async (t) => {
    const visitor = await visit(t);
    await open(visitor, withdrawal);
    await fill(visitor);
    assert.deepEqual(await onDevice(visitor), [], "nothing is kept unasked");
    await visitor.click("button", offer);
    await visitor.reads(keeps);
    assert.equal((await visitor.focus()).length, 1, "the focus is not lost with the button");
    await visitor.put(labels.comment, "Two lines,\nwritten after the press & = + %");
    const written = await answers(visitor);
    assert.deepEqual(await onDevice(visitor), ["session recourse-withdrawal"]);

    await visitor.page.reload();
    await open(visitor, withdrawal);
    await visitor.reads("What you wrote earlier is still here.");
    await visitor.reads(keeps);
    assert.deepEqual(await answers(visitor), written);
    await visitor.click("button", "Continue");
    await onHeading(visitor, withdrawal.review);
    await visitor.click("button", withdrawal.send);
    await readReceipt(visitor, withdrawal);
    assert.deepEqual(await onDevice(visitor), []);
    await visitor.page.reload();
    await open(visitor, withdrawal);
    assert.equal(await valueOf(visitor, labels.name), "");
    await visitor.calm();
  });

  test("deleted at once and for good, with that of the other form", async (t) => {
    const visitor = await visit(t);
    await open(visitor, complaint);
    await visitor.put(labels.name, "Fay");
    await visitor.click("button", offer);
    await visitor.press("Escape");
    await open(visitor, withdrawal);
    assert.equal(await valueOf(visitor, labels.name), "Fay", "nobody is asked twice");
    await visitor.put(labels.contract, "47");
    await visitor.click("button", offer);
    assert.deepEqual(await onDevice(visitor), ["session recourse-complaint", "session recourse-withdrawal"]);
    await visitor.click("button", "Delete what you wrote");
    await visitor.reads("What you wrote was deleted.");
    assert.deepEqual(await onDevice(visitor), []);
    await visitor.put(labels.name, "Gil");
    await visitor.press("Tab");
    await visitor.sees("button", offer);
    await visitor.press("Escape");
    assert.deepEqual(await onDevice(visitor), [], "a new draft is not kept because an old one was");
    await open(visitor, complaint);
    assert.equal(await valueOf(visitor, labels.name), "Gil");
    assert.deepEqual(await onDevice(visitor), []);
  });

  test("closed with Escape or the button, it is still there, whatever is not kept", async (t) => {
    const visitor = await visit(t);
    await open(visitor, complaint);
    await visitor.put(labels.name, "Fay");
    await visitor.put(labels.email, "fay@example.com");
    await visitor.press("Escape");
    await open(visitor, complaint);
    await visitor.reads("What you wrote earlier is still here.");
    assert.equal(await valueOf(visitor, labels.email), "fay@example.com", "even what was in the box when Escape was pressed");
    await visitor.click("button", "Continue");
    await onHeading(visitor, "What happened");
    await visitor.put(labels.description, "Half a sent");
    await visitor.click("button", "Close");
    await visitor.seesNo("dialog");
    await visitor.click("link", complaint.link);
    await visitor.sees("textbox", labels.description);
    assert.equal(await valueOf(visitor, labels.description), "Half a sent");
    await visitor.page.reload();
    await open(visitor, complaint);
    assert.equal(await valueOf(visitor, labels.name), "", "a reload takes what nobody wanted to keep");
  });

  test("kept for a day and no longer", async (t) => {
    const visitor = await visit(t);
    await open(visitor, withdrawal);
    await visitor.put(labels.name, "Fay");
    await visitor.click("button", offer);
    await later(visitor, 23.9);
    await open(visitor, withdrawal);
    assert.equal(await valueOf(visitor, labels.name), "Fay");
    await later(visitor, 0.2);
    await open(visitor, withdrawal);
    assert.equal(await valueOf(visitor, labels.name), "");
    assert.deepEqual(await onDevice(visitor), []);
  });

  test("where nothing can be kept it is not offered, and everything else works", async (t) => {
    const visitor = await visit(t, { "Content-Security-Policy": "sandbox allow-scripts" });
    assert.equal(await visitor.page.evaluate(() => { try { return !!sessionStorage; } catch { return false; } }), false);
    await open(visitor, withdrawal);
    await visitor.put(labels.name, "Fay");
    await visitor.click("button", "Continue");
    await visitor.sees("link", "Enter your email address"); // what comes after the first key is here
    await visitor.seesNo("button", offer);
    await visitor.press("Escape");
    await open(visitor, withdrawal);
    assert.equal(await valueOf(visitor, labels.name), "Fay");
    await visitor.click("button", "Delete what you wrote");
    await visitor.reads("What you wrote was deleted.");
    await visitor.calm();
  });

  for (const [what, act] of Object.entries({
    "takes the widget out and puts it back": () => { const widget = document.querySelector("recourse-widget"), place = widget.parentNode; widget.remove(); place.append(widget); },
    "makes the widget anew": () => { const widget = document.querySelector("recourse-widget"); widget.replaceWith(widget.cloneNode(true)); },
    "swaps its body": () => { const body = document.createElement("body"); body.append(document.createElement("recourse-widget")); document.body.replaceWith(body); },
  })) {
    test(`a page that ${what} loses nothing, whether the dialog is closed or open`, async (t) => {
      const visitor = await visit(t);
      await open(visitor, withdrawal);
      await visitor.put(labels.name, "Fay");
      await visitor.press("Escape");
      await visitor.page.evaluate(act);
      await open(visitor, withdrawal);
      assert.equal(await valueOf(visitor, labels.name), "Fay");
      await visitor.put(labels.contract, "47");
      await visitor.page.evaluate(act);
      await open(visitor, withdrawal);
      assert.equal(await valueOf(visitor, labels.contract), "47");
      await visitor.calm();
    });
  }
});

const open = async (visitor, { link, title }) => {
  await visitor.click("link", link);
  await onHeading(visitor, title);
};

const fill = async (visitor) => {
  const answers = { [labels.name]: "Fay ‘the’ Ü", [labels.contract]: "# 0047=1&2", [labels.email]: "fay@example.com", Day: "3", Month: "March", Year: "2026" };
  for (const [label, text] of Object.entries(answers)) await visitor.put(label, text);
  await visitor.click("radio", "Only some of the items");
  await visitor.put("Item", "Lamp");
  await visitor.put("Quantity", "2");
  await visitor.click("button", "Add another item");
  await visitor.type("Vase");
};

const answers = async (visitor) => [...await visitor.look("textbox"), ...await visitor.look("radio")].map(({ name, value, checked }) => [name, value, checked]);

// onDevice names everything the page has left with the browser.
const onDevice = (visitor) => visitor.page.evaluate(() => [
  ...Object.keys(sessionStorage).map((key) => "session " + key), ...Object.keys(localStorage).map((key) => "local " + key), ...document.cookie.split("; ").filter(Boolean),
].sort());

// later loads the page again after so many hours, as its clock has it.
const later = async (visitor, hours) => {
  await visitor.page.evaluateOnNewDocument((ms) => {
    const now = Date.now;
    Date.now = () => now() + ms;
  }, hours * 3.6e6);
  await visitor.page.reload();
};
