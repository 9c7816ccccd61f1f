// What is pasted into a page with policies of its own; how files go over the wire is in headers.test.mjs.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import test from "node:test";
import { inBrowsers } from "./browsers.mjs";
import { hostPage, hostPages, shared, until } from "./harness.mjs";
import { openByKeyboard, pressButton, withdrawal } from "./journeys.mjs";

const hashOf = (element) => "sha256-" + createHash("sha256").update(/>(.*)</.exec(element)[1]).digest("base64");

inBrowsers("the pasted tag", (browser) => {
  // A shop that embeds nothing without a say: cross-origin isolation, a policy of its own, integrity for every script.
  const strict = (program, map) => ({
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Content-Security-Policy": `default-src 'self'; script-src ${program.base} 'wasm-unsafe-eval' '${hashOf(map)}'; connect-src ${program.base}; img-src data:; require-trusted-types-for 'script'`,
    "Integrity-Policy": "blocked-destinations=(script)",
  });
  const snippets = async (program) => JSON.parse(await readFile(path.join(program.dist, "integrity.json"), "utf8"));

  test("pinned, it works on a page with every policy", async (t) => {
    const program = await shared(), visitor = await browser().visitor(t);
    const { integrity, importmap, pinned, snippets: { "en-DE": snippet } } = await snippets(program);
    const script = Buffer.from(await (await fetch(pinned)).arrayBuffer());
    assert.equal(integrity, "sha384-" + createHash("sha384").update(script).digest("base64"));
    const map = `<script type="importmap">${JSON.stringify(importmap)}</script>`;
    const shop = await hostPages(t, { "/": hostPage(map + snippet.pinned, { headers: strict(program, map) }) });
    await visitor.goto(shop + "/");
    await openByKeyboard(visitor, withdrawal);
    await until("the rules", () => visitor.seen.requests.some((url) => url.endsWith(".wasm")));
    assert.ok(visitor.seen.requests.includes(pinned));
    await pressButton(visitor, "Continue");
    await visitor.sees("group", "There is a problem"); // what is fetched later is known as well
    assert.deepEqual(await visitor.seen.violations(), []);
    await visitor.calm();
  });

  test("with the hash of another build it does not run, and its links stay", async (t) => {
    const program = await shared(), visitor = await browser().visitor(t);
    const { integrity, snippets: { "en-DE": snippet } } = await snippets(program);
    const other = "sha384-" + createHash("sha384").update("another build").digest("base64");
    const shop = await hostPages(t, { "/": hostPage(snippet.pinned.replace(integrity, other)) });
    await visitor.goto(shop + "/");
    assert.equal(await visitor.page.evaluate(() => document.querySelector("recourse-widget").shadowRoot), null);
    await visitor.leaves(() => visitor.click("link", withdrawal.link));
    assert.equal(visitor.page.url(), program.base + "en-DE/withdrawal/");
  });

  test("the variant without a script leads to the pages", async (t) => {
    const program = await shared(), visitor = await browser().visitor(t);
    const { snippets: { "en-DE": snippet } } = await snippets(program);
    const shop = await hostPages(t, { "/": hostPage(snippet.plain, { headers: { "Content-Security-Policy": "script-src 'none'" } }) });
    for (const [name, address] of [[withdrawal.link, "withdrawal"], ["Make a complaint", "complaints"], ["Dispute resolution", "disputes"]]) {
      await visitor.goto(shop + "/");
      await visitor.leaves(() => visitor.click("link", name));
      assert.equal(visitor.page.url(), program.base + "en-DE/" + address + "/");
      await visitor.sees("heading", /./);
    }
  });
});
