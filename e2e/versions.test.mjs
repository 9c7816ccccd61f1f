// Texts are edited and published, and edited again: every version is served with its dates and what changed, and what a
// visitor sends says which one they saw.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "node:test";
import { promisify } from "node:util";
import { inBrowsers } from "./browsers.mjs";
import { binary, hostPage, hostPages, root, start, tag } from "./harness.mjs";
import { openInbox, words } from "./inbox.mjs";
import { inspect } from "./inspection.mjs";
import { labels, onHeading, pressButton, readReceipt, withdrawal } from "./journeys.mjs";

const run = promisify(execFile);
const shop = path.join(root, "examples", "bernstein", "shop.toml");

inBrowsers("versions", (browser, name) => {
  let folder, program;
  test.before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "recourse-versions-"));
    const texts = path.join(folder, "texts"), flags = ["--ledger", path.join(folder, "ledger"), "--content", texts];
    await mkdir(path.join(texts, "en"), { recursive: true });
    const publish = (from) => run(binary, ["publish", "--shop", shop, "--from", from, ...flags]);
    await publish("2026-03-01");
    const returns = await readFile(path.join(root, "content", "en", "returns.md"), "utf8");
    await writeFile(path.join(texts, "en", "returns.md"), returns + "\nWe pay the return of amber above 100 euros.\n");
    await publish("2026-06-01");
    await writeFile(path.join(texts, "en", "returns.md"), returns + "\nWe pay the return of amber above 50 euros.\n");
    program = await start(undefined, ...flags);
  });
  test.after(async () => { await program?.stop(); await rm(folder, { recursive: true, force: true }); });

  test("are listed, and read well", async (t) => {
    const visitor = await browser().visitor(t), returns = program.base + "en-DE/returns/";
    await visitor.goto(returns);
    await visitor.reads("above 50 euros"); // not published yet: there is no day to name
    assert.ok(!(await visitor.text()).includes("This text applies from"));
    await visitor.leaves(() => visitor.click("link", "All versions of this text"));
    assert.equal(visitor.page.url(), returns + "versions/");
    await visitor.reads("This version applied from 1 March 2026 to 31 May 2026. It is no longer in force.");
    await visitor.reads("This version has been in force since 1 June 2026.");
    await visitor.page.evaluate(() => { document.querySelector("main details").open = true; });
    assert.equal(await visitor.page.$eval("main details ins", (e) => e.textContent), "added: We pay the return of amber above 100 euros.");
    assert.deepEqual(await inspect(visitor.page, name), []);
    await visitor.leaves(() => visitor.click("link", "1 March 2026"));
    assert.equal(visitor.page.url(), returns + "versions/2026-03-01/");
    assert.equal(await visitor.page.$eval("meta[name=robots]", (e) => e.content), "noindex");
    assert.deepEqual(await inspect(visitor.page, name), []);
    await visitor.leaves(() => visitor.click("link", "Go to the text in force"));
    assert.equal(visitor.page.url(), returns);
    await visitor.calm();
  });

  test("go with what the widget sends", async (t) => {
    const visitor = await browser().visitor(t);
    await visitor.goto(await hostPages(t, { "/": hostPage(tag(program)) }) + "/");
    await visitor.click("link", withdrawal.link);
    await onHeading(visitor, withdrawal.title);
    for (const [label, text] of Object.entries({ [labels.name]: "Fay", [labels.contract]: "47", [labels.email]: "fay@example.com" })) await visitor.put(label, text);
    await visitor.click("button", "Continue");
    await onHeading(visitor, withdrawal.review);
    await visitor.click("button", withdrawal.send);
    const { reference } = await readReceipt(visitor, withdrawal);
    await expectSeen(program, reference);
  });

  test("go with the plain form", async (t) => {
    const visitor = await browser().visitor(t);
    await visitor.goto(program.base + "en-DE/withdrawal/");
    for (const [label, text] of Object.entries({ [labels.name]: "Gil", [labels.contract]: "48", [labels.email]: "gil@example.com" })) await visitor.put(label, text);
    await visitor.leaves(() => pressButton(visitor, "Continue"));
    await visitor.leaves(() => pressButton(visitor, withdrawal.send));
    const { reference, text } = await readReceipt(visitor, withdrawal);
    assert.match(text.replace(/\s+/g, " "), /Text seen Version of 1 March 2026 Checksum \(SHA-256\): [0-9a-f]{64}/);
    await expectSeen(program, reference);
  });
});

// expectSeen looks for the version in the inbox, and whether it leads to that very text.
const expectSeen = async (program, reference) => {
  const page = await (await openInbox(program)).case(reference);
  const [, hash] = /Fassung vom 1\. März 2026 .*?([0-9a-f]{64})/.exec(words(page)) ?? [];
  assert.ok(hash, "the case names the version in:\n" + words(page));
  const [, address] = /href="?([^"\s>]+withdrawal\/versions\/2026-03-01\/)/.exec(page);
  assert.ok((await (await fetch(address)).text()).includes(hash), "the page of the version has its hash");
};
