// The same answers with the same mistakes, given in every way there is: with the keyboard alone and by pointing, where
// the shop's policy lets the rules run in the browser and where it does not, and on the pages without a script. People are
// told the same words, and the intake stores the same bytes.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import test from "node:test";
import { inBrowsers, thorough } from "./browsers.mjs";
import { connected } from "./connection.mjs";
import { hostPage, hostPages, tag, until } from "./harness.mjs";
import { complaint, labels, openByKeyboard, pressButton, readReceipt, withdrawal } from "./journeys.mjs";
import { pdf } from "./samples.mjs";
import { cases } from "./stored.mjs";

const typed = {
  name: "Zoe\u0308 O\u2019Connor-D'Arcy  ", // e and two dots, as some keyboards send them
  email: " zoe+shop@stra\u00dfe.example",
  arabic: "\u0637\u0644\u0628 \u0664\u0667\u0661\u0661",
  family: "Mug \u{1f469}\u200d\u{1f469}\u200d\u{1f467}\u200d\u{1f466}",
  lines: "It broke.\n\n  Twice & <b>again</b>, I wrote:\n\"\u00fcber\"\n",
};

// A page is tried as often as it has steps: what is entered, and the problems that are told, with the field of each.
const runs = [{
  ...withdrawal, path: "withdrawal/",
  pages: [[
    { told: [["Enter your full name", labels.name], ["Enter your order number or other details of the contract", labels.contract], ["Enter your email address", labels.email]] },
    {
      enter: [["put", labels.name, "x".repeat(205)], ["put", labels.contract, typed.arabic], ["put", labels.email, "zoe at shop"],
        ["put", "Day", "31"], ["put", "Month", "2"], ["put", "Year", "2026"]],
      told: [["Your full name must be 200 characters or less. You have 5 too many", labels.name],
        ["Enter an email address in the correct format, like name@example.com", labels.email],
        ["The date you received the goods must be a real date", labels.received]],
    },
    {
      enter: [["put", labels.name, typed.name], ["put", labels.email, "zoe@shop.example, eva@shop.example"], ["put", "Day", "3rd"], ["put", "Month", "march"], ["put", "Year", "26"]],
      told: [["Enter one email address without spaces", labels.email], ["Year must include 4 numbers", labels.received]],
    },
    { enter: [["items"], ["put", labels.comment, typed.lines], ["put", "Year", "2026"], ["put", labels.email, typed.email]] },
  ]],
  shown: ["Zo\u00eb O\u2019Connor-D'Arcy", typed.arabic, "zoe+shop@stra\u00dfe.example", "two \u00d7 Lampe \u201eGr\u00f6\u00dfe\u201c\n" + typed.family, "3 March 2026", typed.lines.trim()],
  stored: {
    name: "Zo\u00eb O\u2019Connor-D'Arcy", contract: typed.arabic, email: "zoe+shop@stra\u00dfe.example", received_on: "2026-march-3rd",
    items: "two \u00d7 Lampe \u201eGr\u00f6\u00dfe\u201c\n" + typed.family, comment: typed.lines.trim(),
  },
  files: [],
}, {
  ...complaint, path: "complaints/",
  pages: [[
    { told: [["Enter your full name", labels.name], ["Enter your email address", labels.email]] },
    {
      enter: [["put", labels.name, typed.name], ["put", labels.email, "zoe@shop"], ["put", "Year", "2026"]],
      told: [["Enter an email address in the correct format, like name@example.com", labels.email],
        ["The date you received the goods must include a day and a month", labels.received]],
    },
    {
      enter: [["put", labels.email, typed.email], ["put", "Day", "3 march 2026"], ["put", "Year", ""], ["put", labels.product, typed.family],
        ["put", labels.contract + " (optional)", typed.arabic]],
    },
  ], [
    { told: [["Select what the complaint is about", labels.reason], ["Enter what happened", labels.description]] },
    {
      enter: [["pick", labels.reason, "Damaged when it arrived"], ["add", "notes.txt"]],
      told: [["Enter what happened", labels.description], ["The selected file must be a JPG, PNG, WebP, HEIC or PDF", labels.files]],
    },
    { enter: [["put", labels.description, typed.lines], ["pick", labels.remedy, "Repair"], ["remove", "notes.txt"], ["add", "Re\u0301clamation.pdf"]] },
  ]],
  shown: ["Zo\u00eb O\u2019Connor-D'Arcy", "zoe+shop@stra\u00dfe.example", typed.arabic, typed.family, "3 March 2026", "Damaged when it arrived", typed.lines.trim(), "Repair", "R\u00e9clamation.pdf"],
  stored: {
    name: "Zo\u00eb O\u2019Connor-D'Arcy", email: "zoe+shop@stra\u00dfe.example", contract: typed.arabic, product: typed.family, received_on: "2026-march-3",
    reason: "damaged", description: typed.lines.trim(), remedy: "repair",
  },
  files: [["R\u00e9clamation.pdf", "application/pdf", pdf.length, createHash("sha256").update(pdf).digest("hex")]],
}];

// What hands do. A pointer types, too, as on the keyboard of a screen: letters, nothing that moves the focus.
const hands = {
  keyboard: {
    open: openByKeyboard,
    press: pressButton,
    put: (visitor, label, text) => visitor.fill(label, text),
    pick: (visitor, question, option) => visitor.choose(question, option),
    follow: async (visitor, link) => { await visitor.tabTo("link", link); await visitor.press("Enter"); },
  },
  pointer: {
    open: (visitor, { link }) => visitor.click("link", link),
    press: (visitor, name) => visitor.click("button", name),
    put: (visitor, label, text) => visitor.put(label, text),
    pick: (visitor, question, option) => visitor.click("radio", option),
    follow: (visitor, link) => visitor.click("link", link),
  },
};

// Without 'wasm-unsafe-eval' no WebAssembly runs.
const policies = {
  "with the rules": () => ({}),
  "without the rules": ({ origin }) => ({ "Content-Security-Policy": `script-src ${origin}; connect-src ${origin}` }),
};

// Any three of form, device, policy and browser meet in half of all combinations, that with an even number of marks.
const marked = (...all) => all.filter((one) => [complaint.title, "pointer", "without the rules", "Firefox"].includes(one)).length;

inBrowsers("complete runs", (browser, name) => {
  let shop;
  test.before(async () => { shop = await connected(); });
  test.after(() => shop?.stop());

  for (const run of runs) {
    for (const [device, hand] of Object.entries(hands)) {
      for (const [policy, headers] of Object.entries(policies)) {
        if (!thorough && marked(run.title, device, policy, name) % 2) continue;
        test(`${run.title} by ${device}, ${policy}`, async (t) => {
          const { program } = shop, visitor = await browser().visitor(t);
          const host = await hostPages(t, { "/": hostPage(tag(program), { headers: headers(program) }) });
          await visitor.goto(host + "/");
          const allowed = await visitor.page.evaluate(() => { try { return !!new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])); } catch { return false; } });
          assert.equal(allowed, policy === "with the rules");
          await hand.open(visitor, run);
          for (const page of run.pages) await fillIn(visitor, hand, program, page);
          await visitor.sees("heading", run.review);
          assert.deepEqual(await answers(visitor), run.shown);
          await hand.press(visitor, run.send);
          await expectStored(program, run, (await readReceipt(visitor, run)).reference);
        });
      }
    }

    test(`${run.title} on the page without a script`, async (t) => {
      const { program } = shop, visitor = await browser().visitor(t);
      await visitor.goto(program.base + "en-DE/" + run.path);
      assert.equal(await visitor.page.evaluate(() => [...document.scripts].filter(({ type }) => type !== "application/ld+json").length), 0); // that is data
      for (const step of inTheEnd(run)) await plain(visitor, program, step);
      await visitor.leaves(() => visitor.click("button", "Continue"));
      await visitor.sees("heading", run.review);
      await visitor.leaves(() => visitor.click("button", run.send));
      await expectStored(program, run, (await readReceipt(visitor, run)).reference);
    });
  }
});

// fillIn enters what each step says, reads what is told, and goes on.
const fillIn = async (visitor, hand, program, steps) => {
  for (const { enter = [], told = [] } of steps) {
    for (const step of enter) await act(visitor, hand, program, step);
    await hand.press(visitor, "Continue");
    if (told.length) await isTold(visitor, hand, told);
    else await visitor.wait("the next page", async () => (await visitor.focus())[0]?.role === "heading");
  }
};

const act = async (visitor, hand, program, [what, ...to]) => {
  if (what === "add") await attach(visitor, program, ...to);
  else if (what === "remove") await hand.press(visitor, "Remove: " + to[0]);
  else if (what === "items") await chooseItems(visitor, hand);
  else await hand[what](visitor, ...to);
};

const chooseItems = async (visitor, hand) => {
  await hand.pick(visitor, labels.items, "Only some of the items");
  await hand.put(visitor, "Item", "Lampe \u201eGr\u00f6\u00dfe\u201c");
  await hand.put(visitor, "Quantity", "two");
  await hand.press(visitor, "Add another item");
  await visitor.type(typed.family); // the focus is there
};

// plain does the same on the page without a script, where items are lines of a text.
const plain = async (visitor, program, [what, ...to]) => {
  if (what === "items") await visitor.put(labels.items, "two \u00d7 Lampe \u201eGr\u00f6\u00dfe\u201c\n" + typed.family);
  else if (what === "put" || what === "add") await act(visitor, hands.pointer, program, [what, ...to]);
  else if (what === "pick") await visitor.click("radio", to[1]);
};

// inTheEnd is what was entered last for each question.
const inTheEnd = ({ pages }) => {
  const steps = pages.flat().flatMap(({ enter = [] }) => enter).filter(([, what]) => what !== "notes.txt");
  return [...new Map(steps.map((step) => [step[1], step])).values()];
};

const attach = async (visitor, program, name) => {
  const place = path.join(program.folder, name);
  await writeFile(place, name.endsWith(".pdf") ? pdf : "Only text.");
  await (await visitor.find("file", labels.files)).uploadFile(place);
};

// isTold reads the summary, the same words at the fields, and follows the last link to its field.
const isTold = async (visitor, hand, told) => {
  await visitor.wait("the summary", async () => (await visitor.focus())[0]?.name === "There is a problem");
  const links = (await visitor.look("link")).filter((link) => link.href.includes("#rc-")).map((link) => link.name);
  assert.deepEqual(links, told.map(([message]) => message));
  const fields = (await Promise.all(["textbox", "group", "file"].map((role) => visitor.look(role)))).flat().sort((a, b) => a.place - b.place);
  const wrong = fields.flatMap(({ name, describedBy }) => describedBy.filter((text) => text.startsWith("Error: ")).map((text) => [text.slice(7), name]));
  assert.deepEqual(wrong, told);
  const [message, field] = told.at(-1);
  await hand.follow(visitor, message);
  await until("the focus on " + field, async () => { const [now] = await visitor.focus(); return [now?.name, now?.group].includes(field); });
};

// answers are those of the review as they look, without what is said about them.
const answers = (visitor) => visitor.page.$$eval(">>> dialog .rc-review dd:nth-of-type(1)", (all) => all.map((one) => one.innerText.trim().normalize("NFC")));

const expectStored = async (program, { stored, files }, reference) => {
  const one = (await cases(program)).find((one) => one.reference === reference);
  const inOrder = Object.fromEntries(Object.entries(stored).sort(([a], [b]) => (a < b ? -1 : 1)));
  assert.equal(one.fields, JSON.stringify(inOrder).replace(/[<>&]/g, (sign) => "\\u00" + sign.charCodeAt(0).toString(16)));
  assert.deepEqual(one.files, files);
};
