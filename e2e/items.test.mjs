// What helps while a form is filled in: parts of a contract, hints that inform and never block, and files.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import test from "node:test";
import { inBrowsers } from "./browsers.mjs";
import { inWords, plusDays, workingDayFrom } from "./deadline.mjs";
import { hostPage, hostPages, shared, tag, until } from "./harness.mjs";
import { complaint, labels, onHeading, pressButton, valueOf, withdrawal } from "./journeys.mjs";
import { pdf, png } from "./samples.mjs";

const some = "Only some of the items", whole = "The whole contract";

inBrowsers("filling in", (browser) => {
  let program;
  test.before(async () => { program = await shared(); });

  const visit = async (t, attributes, before) => {
    const visitor = await browser().visitor(t);
    if (before) await visitor.page.evaluateOnNewDocument(before);
    await visitor.goto(await hostPages(t, { "/": hostPage(tag(program, attributes)) }) + "/");
    return visitor;
  };
  const begin = async (t, attributes, before) => {
    const visitor = await visit(t, attributes, before);
    await visitor.click("link", withdrawal.link);
    for (const [label, text] of [[labels.name, "Ada"], [labels.contract, "47"], [labels.email, "ada@example.com"]]) await visitor.put(label, text);
    return visitor;
  };

  test("the whole contract by default, or rows that come and go and may be empty", async (t) => {
    const visitor = await begin(t);
    assert.deepEqual(await chosen(visitor), [whole]);
    await reviewSays(visitor, whole);
    await visitor.click("radio", some);
    await visitor.sees("textbox", "Item");
    await visitor.seesNo("button", /^Remove/); // the only row stays
    await reviewSays(visitor, whole); // an empty row says nothing less

    await visitor.put("Item", "Lamp");
    await visitor.put("Quantity", "the blue ones");
    for (const item of ["Vase", "Cup"]) {
      await visitor.click("button", "Add another item");
      await focusOn(visitor, "Item", "");
      await visitor.type(item);
      await visitor.press("Tab"); // a removal is named after its item
      await visitor.type("2");
    }
    await visitor.click("button", (await visitor.look("button", /^Remove/))[1].name);
    await focusOn(visitor, "Item", "Cup"); // it has taken the place of the removed one
    await visitor.sees("button", "Remove: Cup");
    await visitor.seesNo("button", "Remove: Vase");
    await visitor.click("button", "Add another item");
    await visitor.click("button", (await visitor.look("button", /^Remove/)).at(-1).name);
    await focusOn(visitor, "Item", "Cup"); // the last one is gone, so the one before it
    await reviewSays(visitor, "the blue ones × Lamp\n2 × Cup");
    await visitor.click("radio", whole);
    await visitor.seesNo("textbox", "Item");
    await reviewSays(visitor, whole);
    await visitor.calm();
  });

  for (const [where, attributes, prefill] of [
    ["the attribute", 'items="2 x Lamp; 1 x Vase"', undefined],
    ["the method", "", { items: [{ name: "Lamp", quantity: 2 }, { name: "Vase", quantity: 1 }], name: "Ada", email: "ada@example.com", contract: "47" }],
  ]) {
    test(`an order known from ${where} is offered with its quantities`, async (t) => {
      const visitor = await visit(t, attributes);
      await visitor.page.evaluate((prefill) => void customElements.whenDefined("recourse-widget")
        .then(() => document.querySelector("recourse-widget").open("withdrawal", { prefill })), prefill);
      await onHeading(visitor, withdrawal.title);
      for (const [label, text] of prefill ? [] : [[labels.name, "Ada"], [labels.contract, "47"], [labels.email, "ada@example.com"]]) await visitor.put(label, text);
      await reviewSays(visitor, whole);
      await visitor.click("radio", some);
      await visitor.sees("group", "Lamp");
      await visitor.sees("group", "Vase");
      for (const text of ["of 2", "of 1"]) await visitor.reads(text);
      await visitor.put("Quantity", "1");
      await visitor.click("button", "Add another item");
      await visitor.type("Shade");
      await reviewSays(visitor, "1 × Lamp\nShade");
    });
  }

  test("a mistyped mail domain: another is offered, and nobody has to take it", async (t) => {
    const visitor = await begin(t);
    await visitor.put(labels.email, "anna@gmial.com");
    await visitor.press("Tab");
    await visitor.reads("Did you mean anna@gmail.com?");
    await visitor.seesNo("group", "There is a problem");
    await visitor.click("button", "Use this address");
    await focusOn(visitor, labels.email, "anna@gmail.com");
    await visitor.wait("no other address", async () => !(await visitor.text()).includes("Did you mean"));
    await visitor.put(labels.email, "anna@gmial.com");
    await visitor.click("button", "Continue");
    await onHeading(visitor, withdrawal.review);
    await visitor.reads("anna@gmial.com");
  });

  const fillDay = async (visitor, date) => {
    for (const [part, text] of [["Day", date.getUTCDate()], ["Month", date.getUTCMonth() + 1], ["Year", date.getUTCFullYear()]]) await visitor.put(part, String(text));
    await visitor.press("Tab");
  };
  const late = new Date("2026-03-02T00:00:00Z");

  test("when the period ends is told at the date and in the review", async (t) => {
    const visitor = await begin(t);
    const day = plusDays(-1); // the day before, since after eleven at night the shop may have one that the browser has not
    const last = workingDayFrom(plusDays(14, day)), weekday = new Intl.DateTimeFormat("en-GB", { weekday: "long", timeZone: "UTC" }).format(last);
    await fillDay(visitor, day);
    const runs = `the statutory withdrawal period of 14 days runs at least until ${weekday} ${inWords(last, "en-GB")}.`;
    await visitor.reads(runs);
    assert.ok((await visitor.look("status")).some(({ text }) => text.endsWith(runs)), "it is said as well");
    await pressButton(visitor, "Continue");
    await onHeading(visitor, withdrawal.review);
    await visitor.reads(runs);
    await visitor.click("button", "Back");
    await fillDay(visitor, late);
    await until("nothing of the end, since this shop grants 30 days", async () => !/statutory/.test(await visitor.text()));
  });

  test("that the period is over is told, and a late withdrawal goes on", async (t) => {
    const visitor = await begin(t, "", grantsNoMore);
    await fillDay(visitor, late);
    const ended = "the statutory withdrawal period of 14 days ended on Monday 16 March 2026, unless it is longer";
    await visitor.reads(ended);
    await visitor.reads("You can send your withdrawal all the same");
    await visitor.seesNo("group", "There is a problem");
    await pressButton(visitor, "Continue");
    await onHeading(visitor, withdrawal.review);
    await visitor.reads(ended);
    await visitor.sees("button", withdrawal.send);
  });

  test("how much room is left is seen at once and said after a while, and nothing is cut off", async (t) => {
    const visitor = await begin(t), said = async () => (await visitor.look("status")).map(({ text }) => text).filter(Boolean);
    await visitor.put(labels.comment, "");
    await paste(visitor, "x".repeat(3750));
    assert.ok(!(await visitor.text()).includes("characters left"), "at three quarters nothing is said yet");
    await paste(visitor, "y".repeat(1239));
    await visitor.reads("You have 11 characters left");
    await visitor.type("\u{1f600}"); // one character, though two units
    await visitor.reads("You have 10 characters left");
    assert.ok(!(await said()).includes("You have 10 characters left"), "not said at every key");
    await until("it to be said", async () => (await said()).includes("You have 10 characters left"), { within: 3000 });
    await paste(visitor, "z".repeat(11));
    await visitor.reads("You have 1 character too many");
    await visitor.click("button", "Continue");
    await visitor.sees("link", "What else you want to say must be 5000 characters or less. You have 1 too many");
    assert.equal([...await valueOf(visitor, labels.comment)].length, 5001);
  });

  test("files are listed with picture and size, can be removed, and what is wrong with them is told", async (t) => {
    const visitor = await visit(t);
    await visitor.click("link", complaint.link);
    await visitor.put(labels.name, "Ada");
    await visitor.put(labels.email, "ada@example.com");
    await visitor.click("button", "Continue");
    await onHeading(visitor, "What happened");
    await visitor.click("radio", "Delivered late");
    await visitor.put(labels.description, "Late.");
    await attach(visitor, program, { "clasp.png": png, "invoice.pdf": pdf });
    for (const text of ["Files already added", "clasp.png", "invoice.pdf", "1 kB"]) await visitor.reads(text);
    assert.deepEqual(await pictures(visitor, 1), ["Preview of clasp.png"]);
    await visitor.click("button", "Remove: clasp.png");
    assert.equal((await visitor.focus())[0]?.name, labels.files);
    await visitor.seesNo("button", "Remove: clasp.png");
    await visitor.sees("button", "Remove: invoice.pdf");

    for (const [files, says] of [
      [{ "notes.txt": "Only text." }, "The selected file must be a JPG, PNG, WebP, HEIC or PDF"],
      [{ "empty.png": "" }, "The selected file is empty"],
      [{ "large.pdf": Buffer.concat([pdf, Buffer.alloc(10 << 20)]) }, "The selected file must be smaller than 10 MB"],
      [Object.fromEntries([..."12345"].map((n) => [n + ".png", png])), "You can add up to 5 files. You have 1 too many"],
    ]) {
      await attach(visitor, program, files);
      await visitor.click("button", "Continue");
      await visitor.sees("link", says);
      for (const name of Object.keys(files)) await visitor.click("button", "Remove: " + name);
      await visitor.wait("no message at a mended field", async () => !(await visitor.look("link", says)).length);
    }
    await visitor.click("button", "Continue");
    await onHeading(visitor, complaint.review);
    await visitor.reads("invoice.pdf");
    await visitor.calm();
  });
});

// paste puts text in at once, as from a clipboard.
const paste = (visitor, text) => visitor.page.evaluate((text) => document.execCommand("insertText", false, text), text);

// reviewSays goes on to the review, reads what it says of the items, and comes back.
const reviewSays = async (visitor, items) => {
  await visitor.click("button", "Continue");
  await onHeading(visitor, withdrawal.review);
  await visitor.reads("Items you want to withdraw from\n" + items);
  await visitor.click("button", "Back");
  await onHeading(visitor, withdrawal.title);
};

const chosen = async (visitor) => (await visitor.look("radio")).filter(({ checked }) => checked).map(({ name }) => name);

const focusOn = (visitor, name, value) => visitor.wait(`the focus on ${name} with ${JSON.stringify(value)}`, async () => {
  const [now] = await visitor.focus();
  return now?.name === name && now.value === value;
});

const attach = async (visitor, program, files) => {
  const places = await Promise.all(Object.entries(files).map(async ([name, bytes]) => {
    await writeFile(path.join(program.folder, name), bytes);
    return path.join(program.folder, name);
  }));
  await (await visitor.find("file", labels.files)).uploadFile(...places);
  await visitor.sees("button", "Remove: " + Object.keys(files).at(-1));
};

// pictures are the names of those that are shown, as soon as there are so many.
const pictures = (visitor, count) => visitor.wait(count + " pictures", async () => {
  const names = await visitor.page.$$eval(">>> dialog canvas", (all) => all.filter((one) => one.checkVisibility()).map((one) => one.ariaLabel));
  return names.length >= count && names;
});

// grantsNoMore makes of the demo shop one that keeps to the days of the law.
const grantsNoMore = () => {
  const real = window.fetch;
  window.fetch = async (address, ...more) => {
    const answer = await real(address, ...more);
    return String(address).includes("-after.") ? new Response((await answer.text()).replace(',"longer":true', "")) : answer;
  };
};
