// How dist/ goes over the wire: compressed, and with the right headers.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import http from "node:http";
import path from "node:path";
import test from "node:test";
import zlib from "node:zlib";
import { binary, root, start, until } from "./harness.mjs";

// ask is a request as it goes over the wire: nothing is unpacked.
const ask = (address, headers) => new Promise((done, failed) => {
  http.request(address, { headers }, (answer) => {
    const parts = [];
    answer.on("data", (part) => parts.push(part)).on("end", () => done({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }));
  }).on("error", failed).end();
});

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
