// The network fails at every step of sending. The visitor loses nothing and is told what happened, and in the end the
// intake holds one case: the declaration goes out again under the same id, by itself or when the button is pressed.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import test from "node:test";
import { inBrowsers } from "./browsers.mjs";
import { answered, connected, cutAfter, heldUntil, late, refused, unanswered } from "./connection.mjs";
import { hostPage, hostPages, sleep, tag, until } from "./harness.mjs";
import { complaint, labels, onHeading, readReceipt, valueOf, withdrawal } from "./journeys.mjs";
import { pdf } from "./samples.mjs";
import { cases } from "./stored.mjs";

const told = {
  failed: "Your statement could not be sent. Nothing was lost. Try again, or send the text below to service@bernstein.example.",
  offline: "You are offline. Nothing was lost. Connect to the internet and try again, or send the text below to service@bernstein.example.",
  busy: "Too many statements were sent at the same time. Nothing was lost. Try again in a few minutes, or send the text below to service@bernstein.example.",
  large: "The files are too large to be sent together. Nothing was lost. Remove a file and try again.",
  retrying: "Sending has not worked yet. Trying again.",
  late: "This is taking longer than usual. Do not close this window: what you wrote is kept.",
  closed: "Your statement could not be sent while this window was closed. Nothing was lost. Try again, or send the text below to service@bernstein.example.",
  stuck: "The next step could not be loaded. Nothing was lost. Check your internet connection and try again.",
};

inBrowsers("the connection breaks", (browser) => {
  let shop, number = 0;
  test.before(async () => { shop = await connected(); });
  test.after(() => shop?.stop());

  const visit = async (t, clock) => {
    const { program, connection } = shop;
    connection.sent.length = connection.incidents.length = 0;
    connection.down = null;
    const one = new Sender(program, connection, await browser().visitor(t), `visitor${++number}@${browser().name}.example`);
    await one.arrive(t, clock);
    return one;
  };

  test("wherever it fails and however often: told each time, sent again, stored once", async (t) => {
    const one = await visit(t);
    await one.review();
    for (const [says, ...incidents] of [
      [told.failed, refused, refused, refused],
      [told.failed, answered(500), answered(500), answered(500)],
      [told.failed, answered(502, {}), answered(502, {}), answered(502, {})],
      [told.failed, answered(503), answered(503, {}), refused],
      [told.busy, answered(429)],
      [told.failed, refused, unanswered, refused],
      [told.failed, unanswered, unanswered, unanswered],
    ]) {
      one.connection.incidents.push(...incidents);
      await one.send();
      await one.isTold(says);
    }
    await one.visitor.click("button", "Back");
    assert.equal(await valueOf(one.visitor, labels.name), one.answers[labels.name]);
    await one.goOn();
    await one.send();
    await one.isReceived();
  });

  test("while a file is on its way: told, sent again, stored once with the file", async (t) => {
    const one = await visit(t), { connection } = one;
    await one.complain();
    connection.incidents.push(cutAfter(300_000), cutAfter(3_000), cutAfter(1_500_000));
    await one.send();
    await one.isTold(told.failed);
    connection.incidents.push(answered(413)); // a gateway that takes no file of that size
    await one.send();
    await one.isTold(told.large);
    await one.visitor.reads("invoice.pdf");
    await one.send();
    const [stored] = await one.isReceived();
    assert.deepEqual(stored.files.map(([name, type, size]) => [name, type, size]), [["invoice.pdf", "application/pdf", large.length]]);
  });

  test("an interruption mends itself, after one second and after three", async (t) => {
    const one = await visit(t, true);
    await one.review();
    const at = [], noted = (incident) => (...all) => { at.push(Date.now()); return incident(...all); };
    one.connection.incidents.push(noted(refused), noted(unanswered), noted(late(0)));
    await one.send();
    await one.visitor.reads(told.retrying);
    await one.isReceived();
    const pauses = at.slice(1).map((time, i) => (time - at[i]) / 1000);
    for (const [i, wanted] of [1, 3].entries()) assert.ok(pauses[i] > wanted - 0.1 && pauses[i] < wanted + 1.9, `pauses of ${pauses} seconds`);
    assert.equal(pauses.length, 2);
  });

  test("offline: told so, and sent when the connection is back", async (t) => {
    const one = await visit(t);
    await one.review();
    await one.visitor.page.setOfflineMode(true);
    await one.send();
    await one.isTold(told.offline);
    await one.visitor.page.setOfflineMode(false);
    await one.send();
    await one.isReceived(1);
  });

  test("the program is gone, and back after the visitor was told", async (t) => {
    const one = await visit(t);
    await one.review();
    await one.program.kill();
    await one.send();
    await one.isTold(told.failed);
    await one.program.run();
    await one.send();
    await one.isReceived();
  });

  test("a restart between review and sending does not matter", async (t) => {
    const one = await visit(t);
    await one.review();
    await one.program.kill();
    await one.program.run();
    await one.send();
    await one.isReceived(1);
  });

  test("a slow answer is waited for, and nothing can be changed meanwhile", async (t) => {
    const one = await visit(t);
    await one.review();
    one.connection.incidents.push(late(1800));
    await one.send();
    await one.visitor.reads("Sending");
    await one.visitor.click("button", "Back");
    await one.visitor.reads(told.late);
    await one.visitor.sees("heading", one.form.review);
    await one.isReceived(1);
  });

  test("closed while sending, which fails: told when it is opened again", async (t) => {
    const one = await visit(t), { promise, resolve } = defer();
    await one.review();
    one.connection.incidents.push(heldUntil(promise, refused), refused, refused);
    await one.send();
    await one.close();
    resolve();
    await until("the last try", () => !one.connection.incidents.length);
    await sleep(500); // for the page to hear of it
    await one.open();
    await one.isTold(told.closed);
    await one.send();
    await one.isReceived();
  });

  test("closed while sending, which works: the receipt is there when it is opened again", async (t) => {
    const one = await visit(t), { promise, resolve } = defer();
    await one.review();
    one.connection.incidents.push(heldUntil(promise));
    await one.send();
    await one.close();
    resolve();
    await until("the case", async () => (await one.stored()).length);
    await one.open();
    await one.isReceived(1);
  });

  test("opened again while it is still being sent: it goes on there", async (t) => {
    const one = await visit(t), { promise, resolve } = defer();
    await one.review();
    one.connection.incidents.push(heldUntil(promise));
    await one.send();
    await one.close();
    await one.open();
    await one.visitor.reads("Sending");
    resolve();
    await one.isReceived(1);
  });

  test("stored, but never told, and the page loaded again: a draft that is kept makes no second case", async (t) => {
    const one = await visit(t);
    await one.fill();
    await one.visitor.click("button", "Keep this draft on this device");
    await one.goOn();
    one.connection.incidents.push(unanswered, unanswered, unanswered);
    await one.send();
    await one.isTold(told.failed);
    await one.visitor.page.reload();
    await one.open();
    await one.goOn();
    await one.send();
    await one.isReceived();
  });

  test("a part of the contract taken out after a failure is another declaration", async (t) => {
    const one = await visit(t), { visitor } = one;
    await one.fill();
    await visitor.click("radio", "Only some of the items");
    await visitor.put("Item", "Lamp");
    await visitor.click("button", "Add another item");
    await visitor.type("Vase");
    await one.goOn();
    one.connection.incidents.push(unanswered, unanswered, unanswered);
    await one.send();
    await one.isTold(told.failed);
    await visitor.click("button", "Back");
    await visitor.click("button", "Remove: Vase");
    await one.goOn();
    await one.send();
    await visitor.sees("heading", one.form.received);
    assert.deepEqual((await one.stored()).map(({ fields }) => JSON.parse(fields).items), ["Lamp\nVase", "Lamp"]);
  });

  test("before the first key: Continue says so, and works once the connection is back", async (t) => {
    const one = await visit(t), { visitor } = one;
    one.connection.down = refused;
    await visitor.put(labels.name, "Ida");
    await visitor.click("button", "Continue");
    await visitor.reads(told.stuck);
    assert.equal(await valueOf(visitor, labels.name), "Ida");
    one.connection.down = null;
    await one.review();
    await one.send();
    await one.isReceived(1);
  });
});

// Promise.withResolvers is not there in Node 20.
const defer = () => {
  let resolve;
  return { promise: new Promise((done) => (resolve = done)), resolve };
};

const large = Buffer.concat([pdf, Buffer.alloc(2_000_000, "%\n")]);

// Sender is a visitor of another shop's page who fills in a form and sends it.
class Sender {
  constructor(program, connection, visitor, email) {
    Object.assign(this, { program, connection, visitor, email, form: withdrawal });
    this.answers = { [labels.name]: "Ida Ångström", [labels.contract]: "4711 / the lamp", [labels.email]: email };
  }

  // The clock of the page runs ten times as fast, unless it is the real one that is looked at.
  async arrive(t, clock) {
    if (!clock) await this.visitor.page.evaluateOnNewDocument(hurry);
    await this.visitor.goto(await hostPages(t, { "/": hostPage(tag(this.program)) }) + "/");
    await this.open();
  }

  async open() {
    await this.visitor.click("link", this.form.link);
    await this.visitor.sees("dialog");
  }

  async close() {
    await this.visitor.click("button", "Close");
    await this.visitor.seesNo("dialog");
  }

  async fill() {
    for (const [label, text] of Object.entries(this.answers)) await this.visitor.put(label, text);
  }

  async goOn() {
    await this.visitor.click("button", "Continue");
    await onHeading(this.visitor, this.form.review);
  }

  async review() {
    await this.fill();
    await this.goOn();
  }

  // complain makes it a complaint with a file.
  async complain() {
    await this.close();
    this.form = complaint;
    const { visitor, program } = this, file = path.join(program.folder, "invoice.pdf");
    await writeFile(file, large);
    await this.open();
    await visitor.put(labels.name, this.answers[labels.name]);
    await visitor.put(labels.email, this.email);
    await visitor.put(/^Order number/, this.answers[labels.contract]);
    await visitor.click("button", "Continue");
    await visitor.click("radio", "Delivered late");
    await visitor.put(labels.description, this.answers[labels.description] = "Two weeks late.");
    await (await visitor.find("file", labels.files)).uploadFile(file);
    await visitor.sees("button", "Remove: invoice.pdf");
    await this.goOn();
  }

  send() {
    return this.visitor.click("button", this.form.send);
  }

  // isTold reads why it was not sent, with the whole text and where to write to.
  async isTold(says) {
    const { visitor } = this;
    await visitor.wait("the focus on what is said", async () => (await visitor.focus())[0]?.name === says && !this.connection.incidents.length);
    const text = await valueOf(visitor, "The text of your statement");
    for (const answer of Object.values(this.answers)) assert.ok(text.includes(answer), `${answer} is in the text:\n${text}`);
    const [mail] = await visitor.look("link", "Write an email");
    assert.match(mail.href, /^mailto:service@bernstein\.example\?/);
    for (const answer of Object.values(this.answers)) assert.ok(decodeURIComponent(mail.href).includes(answer), answer + " is in the mail");
    await visitor.sees("heading", this.form.review);
  }

  // isReceived reads the receipt. One case is stored, and every try had its id.
  async isReceived(tries) {
    const { reference } = await readReceipt(this.visitor, this.form), stored = await this.stored();
    assert.deepEqual(stored.map((one) => one.reference), [reference], "one case");
    assert.deepEqual([...new Set(this.connection.sent)], this.connection.sent.length ? [stored[0].submission] : [], "one id");
    if (tries) assert.ok(this.connection.sent.length <= tries, `at most ${tries} tries arrived`);
    return stored;
  }

  async stored() {
    return (await cases(this.program)).filter(({ fields }) => JSON.parse(fields).email === this.email);
  }
}

const hurry = () => {
  const real = window.setTimeout;
  window.setTimeout = (act, ms, ...more) => real(act, ms >= 1000 ? ms / 10 : ms, ...more);
};
