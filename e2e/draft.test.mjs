// What was written is never lost: not by Escape, not by a failed send, not by a server that was away.
import assert from "node:assert/strict";
import test from "node:test";
import { inBrowsers } from "./browsers.mjs";
import { start } from "./harness.mjs";
import { openInbox } from "./inbox.mjs";
import { complaint, labels, onHeading, openByKeyboard, pressButton, readReceipt, valueOf, withdrawal } from "./journeys.mjs";

inBrowsers("draft", (browser) => {
  test("survives Escape and the close button, and can be deleted", async (t) => {
    const program = await start(t), visitor = await browser().visitor(t);
    await visitor.goto(program.origin + "/");
    await openByKeyboard(visitor, complaint);
    await visitor.fill(labels.name, "Fay");
    await visitor.fill(labels.email, "fay@example.com");
    await visitor.press("Escape");
    await visitor.seesNo("dialog");
    await openByKeyboard(visitor, complaint);
    assert.equal(await valueOf(visitor, labels.name), "Fay");
    assert.equal(await valueOf(visitor, labels.email), "fay@example.com", "even what was in the box when Escape was pressed");
    await visitor.reads("What you wrote earlier is still here.");
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
    const program = await start(t), visitor = await browser().visitor(t);
    await visitor.goto(program.origin + "/");
    await openByKeyboard(visitor, withdrawal);
    await visitor.fill(labels.name, "Gil");
    await visitor.fill(labels.contract, "order of Monday");
    await visitor.fill(labels.email, "gil@example.com");
    await pressButton(visitor, "Continue");
    await onHeading(visitor, withdrawal.review);
    await program.kill();
    await pressButton(visitor, withdrawal.send);
    await visitor.reads("Your statement could not be sent. Nothing was lost.");
    await visitor.reads("service@bernstein.example");
    await visitor.reads("order of Monday");
    await pressButton(visitor, withdrawal.send);
    await visitor.reads("Your statement could not be sent. Nothing was lost.");
    await program.run();
    await pressButton(visitor, withdrawal.send);
    const { reference } = await readReceipt(visitor, withdrawal);
    assert.deepEqual(await (await openInbox(program)).references(), [reference]);
    await visitor.calm([/Failed to load resource|NetworkError|ERR_CONNECTION/]);
  });

  test("an answer that never arrives is asked for again, and makes no second case", async (t) => {
    const program = await start(t), visitor = await browser().visitor(t);
    await visitor.goto(program.origin + "/");
    await openByKeyboard(visitor, withdrawal);
    await visitor.fill(labels.name, "Hal");
    await visitor.fill(labels.contract, "7");
    await visitor.fill(labels.email, "hal@example.com");
    await pressButton(visitor, "Continue");
    await onHeading(visitor, withdrawal.review);
    await loseOneAnswer(visitor.page);
    await pressButton(visitor, withdrawal.send);
    await visitor.reads("The connection was interrupted. Trying again.");
    const { reference } = await readReceipt(visitor, withdrawal);
    assert.deepEqual(await (await openInbox(program)).references(), [reference]);
  });
});

// loseOneAnswer lets the next request reach the server and its answer get lost on the way back.
const loseOneAnswer = (page) => page.evaluate(() => {
  const real = window.fetch;
  window.fetch = async (...request) => {
    window.fetch = real;
    await real(...request);
    throw new TypeError("the connection was lost");
  };
});
