// What was written is never lost: not by Escape, not by a failed send, not by a server that was away.
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { inBrowsers } from "./browsers.mjs";
import { start } from "./harness.mjs";
import { openInbox, words } from "./inbox.mjs";
import { complaint, labels, onHeading, openByKeyboard, pressButton, readReceipt, valueOf, withdrawal } from "./journeys.mjs";

let program;
before(async () => { program = await start(); });
after(() => program?.stop());

inBrowsers("draft", (browser, name) => {
  test("survives Escape and the close button, and can be deleted", async (t) => {
    const visitor = await browser().visitor(t);
    await visitor.goto(program.origin + "/");
    await openByKeyboard(visitor, complaint);
    await visitor.fill(labels.name, "Fay");
    await visitor.fill(labels.email, "fay@example.com");
    await visitor.press("Escape");
    await visitor.seesNo("dialog");
    await openByKeyboard(visitor, complaint);
    assert.equal(await valueOf(visitor, labels.name), "Fay");
    assert.equal(await valueOf(visitor, labels.email), "fay@example.com", "even what was in the box when Escape was pressed");
    await visitor.reads("We kept what you had entered.");
    await pressButton(visitor, "Continue");
    await onHeading(visitor, "What happened");
    await visitor.fill(labels.description, "Half a sent");
    await pressButton(visitor, "Close");
    await visitor.seesNo("dialog");
    await visitor.tabTo("link", complaint.link);
    await visitor.press("Enter");
    await visitor.sees("textbox", labels.description);
    assert.equal(await valueOf(visitor, labels.description), "Half a sent");

    await visitor.press("Escape");
    await openByKeyboard(visitor, withdrawal);
    assert.equal(await valueOf(visitor, labels.name), "Fay", "the other form does not ask again");
    await visitor.press("Escape");
    await visitor.tabTo("link", complaint.link);
    await visitor.press("Enter");
    await pressButton(visitor, /^Delete/);
    await visitor.sees("textbox", labels.product);
    await visitor.calm();
  });

  test("a failed send keeps the text, says so, and sent again makes one case", async (t) => {
    const visitor = await browser().visitor(t), email = `gil.${name}@example.com`.toLowerCase();
    await visitor.goto(program.origin + "/");
    await openByKeyboard(visitor, withdrawal);
    await visitor.fill(labels.name, "Gil");
    await visitor.fill(labels.contract, "order of Monday");
    await visitor.fill(labels.email, email);
    await pressButton(visitor, "Continue");
    await onHeading(visitor, withdrawal.review);
    await program.kill();
    await pressButton(visitor, withdrawal.send);
    await visitor.reads("We could not send your statement. Nothing was lost.");
    await visitor.reads("service@bernstein.example");
    await visitor.reads("order of Monday");
    await pressButton(visitor, withdrawal.send);
    await visitor.reads("We could not send your statement. Nothing was lost.");
    await program.run();
    await pressButton(visitor, withdrawal.send);
    const { reference } = await readReceipt(visitor, withdrawal);
    const list = words(await (await openInbox(program)).list("all"));
    assert.equal(list.split(reference).length - 1, 1);
    assert.equal(list.split(" Gil ").length - 1, inBrowser[name], "one case in each browser so far");
    await visitor.calm([/Failed to load resource|NetworkError|ERR_CONNECTION/]);
  });

  test("an answer that never arrives makes no second case", async (t) => {
    const visitor = await browser().visitor(t), email = `hal.${name}@example.com`.toLowerCase();
    await visitor.goto(program.origin + "/");
    await openByKeyboard(visitor, withdrawal);
    await visitor.fill(labels.name, "Hal " + name);
    await visitor.fill(labels.contract, "7");
    await visitor.fill(labels.email, email);
    await pressButton(visitor, "Continue");
    await onHeading(visitor, withdrawal.review);
    await loseOneAnswer(visitor.page);
    await pressButton(visitor, withdrawal.send);
    await visitor.reads("We could not send your statement.");
    const stored = () => openInbox(program).then((inbox) => inbox.list("all")).then((html) => words(html).split(`Hal ${name}`).length - 1);
    assert.equal(await stored(), 1, "the server has stored it all the same");
    await pressButton(visitor, withdrawal.send);
    await readReceipt(visitor, withdrawal);
    assert.equal(await stored(), 1);
  });
});

const inBrowser = { Chromium: 1, Firefox: 2 };

// loseOneAnswer lets the next request reach the server and its answer get lost on the way back.
const loseOneAnswer = (page) => page.evaluate(() => {
  const real = window.fetch;
  window.fetch = async (...request) => {
    window.fetch = real;
    await real(...request);
    throw new TypeError("the connection was lost");
  };
});
