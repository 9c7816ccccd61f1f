// How dist/ reaches the browser: compressed, with the right headers, and as its owner has pasted it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import http from "node:http";
import path from "node:path";
import test from "node:test";
import zlib from "node:zlib";
import { inBrowsers } from "./browsers.mjs";
import { binary, hostPage, hostPages, root, start, until } from "./harness.mjs";
import { openByKeyboard, pressButton, withdrawal } from "./journeys.mjs";

// ask is a request as it goes over the wire: nothing is unpacked.
const ask = (address, headers = {}, method = "GET") => new Promise((done, failed) => {
  http.request(address, { method, headers }, (answer) => {
    const parts = [];
    answer.on("data", (part) => parts.push(part)).on("end", () => done({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }));
  }).on("error", failed).end();
});

const hashOf = (element) => "sha256-" + createHash("sha256").update(/>(.*)</.exec(element)[1]).digest("base64");

const unpack = { br: zlib.brotliDecompressSync, gzip: zlib.gunzipSync, undefined: (body) => body };

test("every file goes out compressed, and is the file", async (t) => {
  const program = await start(t);
  await program.kill();
  // What is built beforehand is not compressed again when the program starts, however busy the machine is.
  execFileSync(binary, ["build", "--compress", "--shop", path.join(root, "examples/bernstein/shop.toml"), "--out", program.dist, "--base", program.base]);
  program.flags.push("--compress");
  await program.run();
  const [wasm] = (await readdir(path.join(program.dist, "assets"))).filter((name) => name.endsWith(".wasm"));
  for (const [file, type, cache] of [
    ["recourse.js", "text/javascript; charset=utf-8", "public, max-age=300"],
    ["assets/" + wasm, "application/wasm", "public, max-age=31536000, immutable"],
    ["en-DE/withdrawal/", "text/html; charset=utf-8", "public, max-age=300"],
  ]) {
    const whole = await readFile(path.join(program.dist, file, file.endsWith("/") ? "index.html" : ""));
    for (const coding of ["br", "gzip", undefined]) {
      const accept = { "accept-encoding": coding ?? "identity" };
      const { status, headers, body } = await ask(program.base + file, accept);
      assert.deepEqual(
        { status, coding: headers["content-encoding"], type: headers["content-type"], cache: headers["cache-control"], vary: headers.vary, sniff: headers["x-content-type-options"], length: +headers["content-length"] },
        { status: 200, coding, type, cache, vary: "Accept-Encoding", sniff: "nosniff", length: body.length }, file);
      assert.ok(unpack[coding](body).equals(whole), `${file} by ${coding} is not the file`);
      const beside = { br: ".br", gzip: ".gz" }[coding];
      if (beside) assert.ok(body.equals(await readFile(path.join(program.dist, (file.endsWith("/") ? file + "index.html" : file) + beside))), `${file}${beside} is what goes out`);
      if (coding) assert.ok(body.length < whole.length * 0.6, `${file} by ${coding} has ${body.length} of ${whole.length} bytes`);
      const again = await ask(program.base + file, { ...accept, "if-none-match": headers.etag });
      assert.deepEqual([again.status, again.body.length], [304, 0], file);
    }
  }
});

test("without such files they are compressed soon after the start", async (t) => {
  const program = await start(t);
  await until("a compressed answer", async () => (await ask(program.base + "recourse.js", { "accept-encoding": "br" })).headers["content-encoding"] === "br");
});

inBrowsers("the pasted tag", (browser) => {
  // A shop that embeds nothing without a say: cross-origin isolation, a policy of its own, integrity for every script.
  const strict = (program, map) => ({
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Content-Security-Policy": `default-src 'self'; script-src ${program.base} 'wasm-unsafe-eval' '${hashOf(map)}'; connect-src ${program.base}; img-src data:; require-trusted-types-for 'script'`,
    "Integrity-Policy": "blocked-destinations=(script)",
  });
  const snippets = async (program) => JSON.parse(await readFile(path.join(program.dist, "integrity.json"), "utf8"));

  test("pinned, it works on a page with every policy", async (t) => {
    const program = await start(t), visitor = await browser().visitor(t);
    const { integrity, importmap, pinned, snippets: { "en-DE": snippet } } = await snippets(program);
    const { body } = await ask(pinned);
    assert.equal(integrity, "sha384-" + createHash("sha384").update(body).digest("base64"));
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
    const program = await start(t), visitor = await browser().visitor(t);
    const { integrity, snippets: { "en-DE": snippet } } = await snippets(program);
    const other = "sha384-" + createHash("sha384").update("another build").digest("base64");
    const shop = await hostPages(t, { "/": hostPage(snippet.pinned.replace(integrity, other)) });
    await visitor.goto(shop + "/");
    assert.equal(await visitor.page.evaluate(() => document.querySelector("recourse-widget").shadowRoot), null);
    await visitor.leaves(() => visitor.click("link", withdrawal.link));
    assert.equal(visitor.page.url(), program.base + "en-DE/withdrawal/");
  });

  test("the variant without a script leads to the pages", async (t) => {
    const program = await start(t), visitor = await browser().visitor(t);
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
