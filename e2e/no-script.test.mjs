// No script at all: the pasted link leads to plain pages that do the whole job.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import test from "node:test";
import { inBrowsers } from "./browsers.mjs";
import { shared, start, until } from "./harness.mjs";
import { openInbox, words } from "./inbox.mjs";
import { change, complaint, labels, moment, pressButton, reference, valueOf, withdrawal } from "./journeys.mjs";
import { pdf, png } from "./samples.mjs";

inBrowsers("without script", (browser) => {
  test("a complaint with a picture and a document", async (t) => {
    const program = await shared(), visitor = await browser().visitor(t), email = "carl@example.com";
    await visitor.goto(program.origin + "/");
    await follow(visitor, "Make a complaint");
    await visitor.sees("textbox", labels.name);

    await attach(visitor, program, { "broken clasp.png": png, "invoice.pdf": pdf });
    await submit(visitor, "Continue");
    await expectErrorPage(visitor, [
      ["Enter your full name", labels.name],
      ["Enter your email address", labels.email],
      ["Select what the complaint is about", labels.reason],
      ["Enter what happened", labels.description],
    ]);
    await visitor.reads("broken clasp.png"); // files need not be chosen again
    await visitor.fill(labels.name, "Carl Gauß");
    await visitor.fill(labels.email, email);
    await visitor.fillDate(labels.received, { Day: "1", Month: "9", Year: "2026" });
    await visitor.choose(labels.reason, "Damaged when it arrived");
    await visitor.fill(labels.description, "The box was crushed.\nSee the picture.");
    await submit(visitor, "Continue");

    await visitor.sees("heading", complaint.review);
    for (const shown of ["Carl Gauß", email, "1 September 2026", "Damaged when it arrived", "The box was crushed.", "broken clasp.png", "invoice.pdf", "Not provided"]) {
      await visitor.reads(shown);
    }
    await visitor.leaves(() => change(visitor, "Full name"));
    assert.equal(await valueOf(visitor, labels.name), "Carl Gauß");
    assert.equal(await valueOf(visitor, labels.description), "The box was crushed.\nSee the picture.");
    await visitor.fill(labels.name, "Carl Friedrich Gauß");
    await submit(visitor, "Continue");
    await submit(visitor, complaint.send);
    const number = await expectReceipt(visitor, complaint, ["Carl Friedrich Gauß", email, "1 September 2026", "broken clasp.png", "invoice.pdf"]);
    await expectFiles(program, number, { "broken clasp.png": png, "invoice.pdf": pdf });
    await until("the acknowledgement", async () => (await program.mails(email)).some((mail) => mail.headers.subject.includes(number)));
  });

  test("a withdrawal, and its receipt once more at its address", async (t) => {
    const program = await start(t), visitor = await browser().visitor(t);
    await visitor.goto(program.base + "en-AT/");
    await follow(visitor, /withdraw/i);
    await submit(visitor, "Continue");
    await expectErrorPage(visitor, [
      ["Enter your full name", labels.name],
      ["Enter your order number or other details of the contract", labels.contract],
      ["Enter your email address", labels.email],
    ]);
    await visitor.fill(labels.name, "Dora");
    await visitor.fill(labels.contract, "A-0815");
    await visitor.fill(labels.email, "dora@example.com");
    await submit(visitor, "Continue");
    await visitor.sees("heading", withdrawal.review);
    await submit(visitor, withdrawal.send);
    const number = await expectReceipt(visitor, withdrawal, ["Dora", "A-0815"]);
    await visitor.goto(visitor.page.url());
    await visitor.reads(number);
    assert.deepEqual(await (await openInbox(program)).references(), [number], "there is one case");
  });
}, { script: false });

const follow = (visitor, name) => visitor.leaves(async () => {
  const main = (await visitor.look("link", name)).at(-1);
  await visitor.tabTo("link", main.name);
  await visitor.press("Enter");
});

const submit = (visitor, name) => visitor.leaves(() => pressButton(visitor, name));

const attach = async (visitor, program, files) => {
  const paths = await Promise.all(Object.entries(files).map(async ([file, bytes]) => {
    const place = path.join(program.folder, file);
    await writeFile(place, bytes);
    return place;
  }));
  await (await visitor.find("file", labels.files)).uploadFile(...paths);
};

const expectErrorPage = async (visitor, problems) => {
  assert.match(await visitor.page.title(), /^Error: /);
  const links = (await visitor.look("link")).filter((link) => link.href.includes("#rc-"));
  assert.deepEqual(links.map((link) => link.name), problems.map(([message]) => message));
  for (const [message, name] of problems) {
    await visitor.tabTo("link", message);
    await visitor.press("Enter");
    const now = await until(`the focus on ${name}`, async () => {
      const [focused] = await visitor.focus();
      return [focused?.name, focused?.group].includes(name) && focused;
    });
    const described = now.group ? (await visitor.look("group", now.group))[0].describedBy : now.describedBy;
    assert.ok(described.includes("Error: " + message), `${name} is described by ${described}`);
  }
};

const expectReceipt = async (visitor, { received }, shown) => {
  await visitor.sees("heading", received);
  assert.match(visitor.page.url(), /\/receipts\/[\w-]{20,}$/);
  const text = (await visitor.text()).replace(/\s+/g, " ");
  assert.match(text, reference);
  assert.match(text, moment);
  for (const one of shown) assert.ok(text.includes(one), `the receipt shows ${one} in:\n${text}`);
  return reference.exec(text)[0];
};

// expectFiles compares what the trader downloads with what the visitor sent, octet by octet.
const expectFiles = async (program, number, files) => {
  const inbox = await openInbox(program), page = await inbox.case(number);
  for (const [name, bytes] of Object.entries(files)) {
    const link = [...page.matchAll(/<a [^>]*href="?([^"\s>]+)"?[^>]*>([^]*?)<\/a>/g)].find(([, , text]) => words(text).includes(name));
    assert.ok(link, `the case links to ${name}`);
    assert.deepEqual(await inbox.bytes(link[1]), bytes, name);
  }
};
