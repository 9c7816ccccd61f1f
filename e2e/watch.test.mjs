// `recourse watch` as somebody writes and others look on: what changed appears where it is read, what is wrong is said over it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "node:test";
import { inBrowsers, launch, settled } from "./browsers.mjs";
import { binary, freePort, root, until } from "./harness.mjs";

// Watching is the running program with a shop and texts of its own.
class Watching {
  static async start(t) {
    const watching = new Watching();
    watching.folder = await mkdtemp(path.join(tmpdir(), "recourse-watch-"));
    watching.texts = path.join(watching.folder, "texts");
    await mkdir(path.join(watching.texts, "en"), { recursive: true });
    await cp(path.join(root, "examples/bernstein/shop.toml"), path.join(watching.folder, "shop.toml"));
    for (const name of ["returns", "complaints"]) await cp(path.join(root, `content/en/${name}.md`), watching.file(name));
    watching.port = await freePort();
    watching.origin = `http://localhost:${watching.port}`;
    t.after(async () => { await watching.stop(); await rm(watching.folder, { recursive: true, force: true }); });
    await watching.run();
    return watching;
  }

  file(name) { return path.join(this.texts, "en", name + ".md"); }

  async run() {
    this.process = spawn(binary, ["watch", "--shop", "shop.toml", "--content", "texts", "--poll", "0", "--addr", `localhost:${this.port}`], { cwd: this.folder, stdio: "ignore" });
    this.ended = new Promise((done) => this.process.once("exit", done));
    await until("the first build", () => fetch(this.origin + "/en-DE/").then((answer) => answer.ok, () => false), { within: 60_000 });
  }

  async stop() {
    this.process.kill("SIGTERM");
    await this.ended;
  }

  async edit(name, change) {
    await writeFile(this.file(name), change(await readFile(this.file(name), "utf8")));
  }
}

const more = (words) => (text) => `${text}\n\n${words}\n`;
const says = (visitor, words) => visitor.wait(JSON.stringify(words), () => visitor.page.evaluate((w) => document.body.innerText.includes(w), words).catch(() => false));
const dialog = (visitor, ask) => visitor.page.evaluate((ask) => {
  const found = [...document.querySelectorAll("div")].map((host) => host.shadowRoot?.querySelector("dialog[role=alertdialog][open]")).find(Boolean);
  return found ? (ask === "focus" ? found.getRootNode().activeElement?.textContent : found.textContent) : "";
}, ask).catch(() => "");

inBrowsers("watch", (browser, name) => {
  test("an edit appears; the place, what is open and what was typed stay", async (t) => {
    const watching = await Watching.start(t), visitor = await browser().visitor(t, { height: 400 });
    await visitor.goto(watching.origin + "/en-DE/complaints/");
    await visitor.page.evaluate(() => {
      document.querySelector("details").open = true;
      const field = document.querySelector("main textarea");
      field.value = "typed before";
      field.focus({ preventScroll: true });
      scrollTo({ top: 600, behavior: "instant" });
    });
    await settled(visitor.page);
    const before = await visitor.page.evaluate(() => [scrollY, document.activeElement.id]);
    assert.ok(before[0] > 300 && before[1], "there is something to keep");
    await watching.edit("complaints", more("Written while somebody reads."));
    await says(visitor, "Written while somebody reads.");
    await visitor.wait("the place", () => visitor.page.evaluate((y) => document.readyState === "complete" && Math.abs(scrollY - y) < 3, before[0]));
    const after = await visitor.page.evaluate(() => [document.activeElement.id, document.querySelector("details").open, document.querySelector("main textarea").value]);
    assert.deepEqual(after, [before[1], true, "typed before"]);
    assert.deepEqual(await visitor.seen.violations(), [], "the policy of the pages lets it through");
  });

  test("a page that has not changed is left alone", async (t) => {
    const watching = await Watching.start(t), visitor = await browser().visitor(t), other = await browser().visitor(t);
    await visitor.goto(watching.origin + "/en-DE/privacy/");
    await other.goto(watching.origin + "/en-DE/returns/");
    await visitor.page.evaluate(() => { document[Symbol.for("e2e.same")] = true; });
    await watching.edit("returns", more("News."));
    await says(other, "News.");
    assert.ok(await visitor.page.evaluate(() => document[Symbol.for("e2e.same")]));
  });

  test("a mistake is said over the page until it is mended", async (t) => {
    const watching = await Watching.start(t), visitor = await browser().visitor(t);
    await visitor.goto(watching.origin + "/en-DE/returns/");
    const good = await readFile(watching.file("returns"), "utf8");
    await watching.edit("returns", more("See {{url \"retruns\"}}."));
    await visitor.wait("the mistake", () => dialog(visitor));
    const told = await dialog(visitor), line = good.split("\n").length + 2; // after two empty ones
    assert.match(told, new RegExp(`en/returns\\.md:${line}:`));
    assert.match(told, /See \{\{url "retruns"\}\}\.\n +\^/, "the line, and a caret under the place");
    assert.equal(await dialog(visitor, "focus"), "Close");
    await visitor.press("Escape");
    await visitor.wait("Escape to close it", async () => !(await dialog(visitor)));
    await watching.edit("returns", more("And {{.Shpo}}."));
    await visitor.wait("the next mistake", async () => (await dialog(visitor)).includes("Shpo"));
    await writeFile(watching.file("returns"), more("Mended.")(good));
    await says(visitor, "Mended.");
    assert.equal(await dialog(visitor), "");
  });

  test("a server that comes back is followed again", async (t) => {
    const watching = await Watching.start(t), visitor = await browser().visitor(t);
    await visitor.goto(watching.origin + "/en-DE/returns/");
    await watching.stop();
    await watching.edit("returns", more("Written while nothing ran."));
    await watching.run();
    await says(visitor, "Written while nothing ran.");
    await watching.edit("returns", more("And after."));
    await says(visitor, "And after.");
  });

  test("two browsers at once", { skip: name === "Firefox" && "it is one of the two already" }, async (t) => {
    const watching = await Watching.start(t), second = await launch("Firefox");
    const visitors = [await browser().visitor(t), await second.visitor(t)];
    t.after(() => second.close()); // after its visitor has left
    for (const visitor of visitors) await visitor.goto(watching.origin + "/en-DE/returns/");
    await watching.edit("returns", more("For everybody."));
    await Promise.all(visitors.map((visitor) => says(visitor, "For everybody.")));
  });
});
