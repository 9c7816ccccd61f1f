// A complaint and a withdrawal on the demo shop's own page, with the keyboard alone, mistakes and all.
import assert from "node:assert/strict";
import test from "node:test";
import { inBrowsers } from "./browsers.mjs";
import { inWords, plusDays, workingDayFrom } from "./deadline.mjs";
import { hostPage, hostPages, shared, tag, until } from "./harness.mjs";
import { openInbox, words } from "./inbox.mjs";
import { change, complaint, expectProblems, labels, onHeading, openByKeyboard, pressButton, readReceipt, valueOf, withdrawal } from "./journeys.mjs";

inBrowsers("by keyboard", (browser) => {
  test("a complaint, from mistakes over the review to the receipt", async (t) => {
    const program = await shared(), visitor = await browser().visitor(t), email = "ada@straße.example";
    await visitor.goto(program.origin + "/");
    await openByKeyboard(visitor, complaint);

    await pressButton(visitor, "Continue");
    await expectProblems(visitor, [
      ["Enter your full name", "textbox", labels.name],
      ["Enter your email address", "textbox", labels.email],
    ]);
    await visitor.fill(labels.name, "Ada O’Connor-Müller");
    await visitor.fill(labels.email, "ada@");
    await visitor.fillDate(labels.received, { Day: "31", Month: "February", Year: "2026" });
    await pressButton(visitor, "Continue");
    await expectProblems(visitor, [
      ["Enter an email address in the correct format, like name@example.com", "textbox", labels.email],
      ["The date you received the goods must be a real date", "textbox", labels.received],
    ]);
    await visitor.fill(labels.email, email);
    await visitor.press("Tab");
    await visitor.seesNo("link", /correct format/); // a mended field loses its message at once
    await visitor.fill(/^Order number/, "#0047-11");
    await visitor.fill("Day", "3");
    await pressButton(visitor, "Continue");

    await onHeading(visitor, "What happened");
    await pressButton(visitor, "Continue");
    await expectProblems(visitor, [
      ["Select what the complaint is about", "radio", labels.reason],
      ["Enter what happened", "textbox", labels.description],
    ]);
    await visitor.fill(labels.description, "The clasp broke.\nTwice & again <b>");
    await pressButton(visitor, "Back");
    assert.equal(await valueOf(visitor, labels.name), "Ada O’Connor-Müller", "Back keeps the first page");
    await pressButton(visitor, "Continue");
    await onHeading(visitor, "What happened");
    assert.equal(await valueOf(visitor, labels.description), "The clasp broke.\nTwice & again <b>", "Back keeps the second page");
    await visitor.choose(labels.reason, "Defective or stopped working");
    await visitor.choose(labels.remedy, "Repair");
    await pressButton(visitor, "Continue");

    await onHeading(visitor, complaint.review);
    for (const shown of ["Nothing has been sent yet.", "Ada O’Connor-Müller", email, "#0047-11", "3 February 2026", "Defective or stopped working",
      "Twice & again <b>", "Repair", "Not provided"]) await visitor.reads(shown);
    await change(visitor, "Full name");
    await until("the focus on the name", async () => (await visitor.focus())[0]?.name === labels.name);
    await visitor.fill(labels.name, "Ada Müller");
    await pressButton(visitor, "Continue");
    await onHeading(visitor, complaint.review);
    await visitor.reads("Ada Müller");
    await pressButton(visitor, complaint.send);

    const receipt = await readReceipt(visitor, complaint);
    for (const shown of ["Ada Müller", email, "3 February 2026", "The clasp broke.", "Bernstein Handels GmbH", "service@bernstein.example"]) {
      assert.ok(receipt.text.includes(shown), `the receipt shows ${shown}`);
    }
    await visitor.calm();
    await expectCase(program, receipt.reference, ["Ada Müller", email, "#0047-11", "Twice & again <b>", inWords(plusDays(14))]);
    await expectAcknowledgement(program, email, receipt.reference, ["Ada Müller", "#0047-11", "The clasp broke.", "Twice & again <b>", "3 February 2026"]);
  });

  test("a withdrawal in exactly two steps", async (t) => {
    const program = await shared(), visitor = await browser().visitor(t), email = "ben@example.com";
    await visitor.goto(program.origin + "/");
    await openByKeyboard(visitor, withdrawal);
    await pressButton(visitor, "Continue");
    await expectProblems(visitor, [
      ["Enter your full name", "textbox", labels.name],
      ["Enter your order number or other details of the contract", "textbox", labels.contract],
      ["Enter your email address", "textbox", labels.email],
    ]);
    await visitor.fill(labels.name, "Ben");
    await visitor.fill(labels.contract, "the amber drop, ordered last week");
    await visitor.fill(labels.email, email);
    await pressButton(visitor, "Continue");

    await onHeading(visitor, withdrawal.review);
    assert.deepEqual((await visitor.look("button")).map((b) => b.name).filter((n) => !/^(Change|Close)/.test(n)), [withdrawal.send, "Back"],
      "the second step offers to confirm or to go back, nothing else");
    await pressButton(visitor, withdrawal.send);

    const receipt = await readReceipt(visitor, withdrawal);
    await visitor.calm();
    await expectCase(program, receipt.reference, ["Ben", email, "the amber drop, ordered last week", inWords(workingDayFrom(plusDays(14)))]);
    await expectAcknowledgement(program, email, receipt.reference, ["Ben", "the amber drop, ordered last week"]);
  });

  test("Tab stays in the dialog, Escape leaves it and gives the focus back", async (t) => {
    const program = await shared(), visitor = await browser().visitor(t);
    await visitor.goto(program.origin + "/");
    await openByKeyboard(visitor, withdrawal);
    const inside = new Set();
    for (let i = 0; i < 25; i++) {
      await visitor.press("Tab");
      const [now] = await visitor.focus();
      if (now) inside.add(now.name);
    }
    assert.ok(inside.has("Continue") && inside.has("Close"), "Tab reaches the buttons of the dialog");
    assert.ok(!inside.has("Bernsteinladen") && !inside.has(complaint.link), "Tab does not reach the page below: " + [...inside].join(", "));
    await visitor.press("Escape");
    await visitor.seesNo("dialog");
    const [opener] = await visitor.focus();
    assert.equal(opener?.name, withdrawal.link);
  });

  test("the shop's own shortcuts do not fire while people type", async (t) => {
    const program = await shared(), visitor = await browser().visitor(t);
    const page = hostPage(tag(program) + `<script>document.addEventListener("keydown", (e) => {
      if (e.key === "s" && !/^(INPUT|TEXTAREA)$/.test(e.target.tagName)) { e.preventDefault(); document.title = "searching"; }
    })</script>`);
    await visitor.goto(await hostPages(t, { "/": page }) + "/");
    await openByKeyboard(visitor, withdrawal);
    await visitor.fill(labels.name, "Hans Sass");
    assert.equal(await valueOf(visitor, labels.name), "Hans Sass");
    assert.equal(await visitor.page.title(), "Another shop");
  });
});

const expectCase = async (program, reference, shown) => {
  const page = words(await (await openInbox(program)).case(reference));
  for (const text of shown) assert.ok(page.includes(text.replace(/\s+/g, " ")), `the inbox shows ${JSON.stringify(text)} in:\n${page}`);
};

// The acknowledgement on a durable medium has the content, the date and the time of the declaration.
const expectAcknowledgement = async (program, email, reference, shown) => {
  const [domain] = email.split("@").slice(1);
  const to = email.replace(domain, new URL("http://" + domain).host); // straße.example is xn--strae-oqa.example in a header
  const mail = await until("the acknowledgement to " + to, async () => (await program.mails(to)).find((one) => one.headers.subject.includes(reference)));
  for (const text of shown) for (const line of text.split("\n")) assert.ok(mail.text.includes(line), `the mail says ${line} in:\n${mail.text}`);
  assert.match(mail.text, /\d{1,2} \w+ 20\d\d, \d{2}:\d{2} /);
  assert.ok(mail.headers.date, "the mail has a date");
};
