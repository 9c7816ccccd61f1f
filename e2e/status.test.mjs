// The consumer's side of a case: writing with files, deciding a proposal, rating, the whole case; by keyboard, without script,
// narrow, looked at by axe and the Nu checker.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import test from "node:test";
import { inBrowsers } from "./browsers.mjs";
import { binary, start, until } from "./harness.mjs";
import { openInbox } from "./inbox.mjs";
import { inspect } from "./inspection.mjs";
import { labels, onHeading, openByKeyboard, pressButton, valueOf, withdrawal } from "./journeys.mjs";
import { pdf } from "./samples.mjs";

const jar = createRequire(import.meta.url).resolve("vnu-jar/build/dist/vnu.jar");

const complain = (program) => program.declare({
  form: "complaint", locale: "en-PL", name: "Ola Nowak", email: "ola@example.com", reason: "defective", description: "The clasp broke.",
});

// follow walks through everything a consumer can see of a case, and calls look(name) where there is something new.
const follow = async (visitor, program, look) => {
  const { reference, status_url } = await complain(program), trader = await openInbox(program);
  await visitor.goto(status_url);
  await look("received");

  await visitor.leaves(() => pressButton(visitor, "Send message"));
  await visitor.sees("heading", "There is a problem");
  await visitor.tabTo("link", "Enter your message");
  await visitor.press("Enter");
  assert.equal((await visitor.focus())[0]?.name, "Your message", "the link leads to the field");
  await look("message-missing");
  await visitor.fill("Your message", "The invoice is attached.\nBest regards <Ola>");
  await attach(visitor, program, "invoice.pdf");
  await visitor.leaves(() => pressButton(visitor, "Send message"));
  await visitor.sees("status", /./);
  await visitor.reads("Your message has been stored.");
  await visitor.reads("Best regards <Ola>");
  await visitor.sees("link", /^invoice\.pdf/);
  await look("message-sent");

  await trader.post(`cases/${reference}/proposals`, { nonce: randomUUID(), remedy: "repair", proposal: "We repair the clasp free of charge." });
  await visitor.goto(status_url);
  await visitor.sees("heading", "Waiting for your decision");
  await look("proposal");
  await visitor.leaves(() => pressButton(visitor, "Accept this proposal"));
  await visitor.reads("You have accepted the proposal.");
  await visitor.seesNo("button", "Accept this proposal");
  await look("accepted");

  await trader.post(`cases/${reference}/state`, { state: "closed", outcome: "accepted" });
  await visitor.goto(status_url);
  await visitor.reads("This case is closed. If you write, it is opened again.");
  await look("closed");
  await visitor.leaves(() => pressButton(visitor, "Save rating"));
  await visitor.sees("link", "Choose how satisfied you are");
  await look("rating-missing");
  await visitor.choose("How satisfied are you with the way your case was handled?", "Satisfied");
  await visitor.fill("What went well, and what did not? (optional)", "Quick.");
  await visitor.leaves(() => pressButton(visitor, "Save rating"));
  await visitor.reads("Your rating has been stored.");
  assert.equal(await valueOf(visitor, "What went well, and what did not? (optional)"), "Quick.");
  await look("rated");

  await visitor.tabTo("link", "Whole case to print");
  await visitor.leaves(() => visitor.press("Enter"));
  await visitor.sees("heading", "Complaint " + reference);
  for (const shown of ["Accepted by the consumer on", "Best regards <Ola>", "invoice.pdf", "SHA-256"]) await visitor.reads(shown);
  await look("whole-case");
  await visitor.tabTo("link", "Back to your case");
  await visitor.leaves(() => visitor.press("Enter"));
  await visitor.sees("heading", "Your case " + reference);
};

const run = (program, args) => new Promise((done, failed) =>
  execFile(program, args, { maxBuffer: 64 << 20 }, (error, stdout) => (error ? failed(error) : done(stdout))));

const attach = async (visitor, program, name) => {
  const file = path.join(program.folder, name);
  await writeFile(file, pdf);
  await (await visitor.page.$("input[type=file]")).uploadFile(file);
};

inBrowsers("the consumer's case", (browser, name) => {
  test("by keyboard, nothing to complain about for axe, in the dark and at 320 pixels", async (t) => {
    const program = await start(t), visitor = await browser().visitor(t), found = [];
    await follow(visitor, program, async (state) => {
      const problems = await inspect(visitor.page, name);
      found.push(...problems.map((one) => `${state}: ${one}`));
    });
    assert.deepEqual(found, []);
  });

  test("a text that is too long comes back whole", async (t) => {
    const program = await start(t), visitor = await browser().visitor(t), { status_url } = await complain(program);
    await visitor.goto(status_url);
    await visitor.fill("Your message", "x".repeat(10002));
    await visitor.leaves(() => pressButton(visitor, "Send message"));
    await visitor.sees("link", "Your text can have up to 10000 characters. It has 2 too many");
    assert.equal((await valueOf(visitor, "Your message")).length, 10002);
    await visitor.tabTo("link", "Back to your case");
    await visitor.leaves(() => visitor.press("Enter"));
    await visitor.sees("heading", /^Your case/);
  });

  test("what is downloaded is signed by the key that is named", async (t) => {
    const program = await start(t), visitor = await browser().visitor(t), { status_url, receipt_url } = await complain(program);
    await visitor.goto(receipt_url);
    const print = /[0-9A-Z]{4}(-[0-9A-Z]{4}){5}/.exec(await visitor.text())[0];
    assert.ok(program.log.includes(print), "the program names its key when it starts");
    for (const [file, address] of Object.entries({ "receipt.txt": receipt_url + "/receipt.txt", "case.txt": status_url + "/case.txt" })) {
      const signed = path.join(program.folder, file);
      await writeFile(signed, await (await fetch(address)).text());
      assert.match(await run(binary, ["verify", signed, "--key", print]), /genuine/);
    }
    const [mail] = await until("the acknowledgement", async () => (await program.mails("ola@example.com")).length && program.mails("ola@example.com"));
    assert.match(mail.raw, /Content-Disposition: attachment; filename="?[0-9A-Z-]+\.txt/);
    assert.match(mail.text, /The clasp broke\./);
  });
});

// saves keeps the next file that the page makes; the browser does not.
const saves = (page) => page.evaluate(() => {
  window.saved = "";
  URL.createObjectURL = (file) => { file.text().then((text) => { window.saved = text; }); return "blob:"; };
  HTMLAnchorElement.prototype.click = () => {}; // Firefox shows downloads in a window that takes the keys
});

inBrowsers("the receipt in the dialog", (browser) => {
  test("is saved with a signature, and without one where the server is away", async (t) => {
    const program = await start(t), visitor = await browser().visitor(t);
    await visitor.goto(program.origin + "/");
    await openByKeyboard(visitor, withdrawal);
    await visitor.fill(labels.name, "Ada Müller");
    await visitor.fill(labels.contract, "4711");
    await visitor.fill(labels.email, "ada@example.com");
    await pressButton(visitor, "Continue");
    await onHeading(visitor, withdrawal.review);
    await pressButton(visitor, withdrawal.send);
    await onHeading(visitor, withdrawal.received);
    const saved = async () => {
      await saves(visitor.page);
      await pressButton(visitor, "Save as a file");
      return until("the file", () => visitor.page.evaluate(() => window.saved));
    };
    const file = path.join(program.folder, "saved.txt");
    await writeFile(file, await saved());
    assert.match(await run(binary, ["verify", file]), /unchanged/);
    await visitor.calm();
    await program.kill();
    const own = await saved();
    assert.match(own, /Ada Müller/);
    assert.ok(!own.includes("Recourse signature"));
  });
});

inBrowsers("the consumer's case without script", (browser) => {
  test("everything works", async (t) => {
    const program = await start(t), visitor = await browser().visitor(t, { script: false });
    await follow(visitor, program, async () => {});
  });
}, { script: false });

inBrowsers("the consumer's case for the Nu checker", (browser) => {
  test("every page", async (t) => {
    const program = await start(t), visitor = await browser().visitor(t), folder = path.join(program.folder, "pages"), files = [];
    await mkdir(folder);
    let source = "";
    visitor.page.on("response", (answer) => {
      if (answer.request().resourceType() === "document" && answer.status() !== 303) source = answer.text();
    });
    await follow(visitor, program, async (state) => {
      files.push(path.join(folder, state + ".html"));
      await writeFile(files.at(-1), await source);
    });
    const output = await run("java", ["-jar", jar, "--format", "json", "--stdout", "--exit-zero-always", ...files]);
    assert.deepEqual(JSON.parse(output).messages.map(({ url, message, extract }) => `${url}: ${message} in ${extract}`), []);
  });
}, { only: ["Chromium"] });
