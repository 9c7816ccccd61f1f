// The host and the module together, run by main_test.go: RULES is the built module, ANSWERS what native Go says.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

// Names that shops leave behind.
globalThis.fs = 5;
globalThis.path = {};
globalThis.Go = "a shop's own";
const globals = Object.getOwnPropertyNames(globalThis).sort();

const source = readFileSync(new URL("../../wasm_exec.js", import.meta.url));
const { start } = await import("data:text/javascript;base64," + source.toString("base64"));
const wasm = readFileSync(process.env.RULES);
const answers = JSON.parse(readFileSync(process.env.ANSWERS, "utf8"));

// trap is a module whose check always fails:
// (memory 1) (func _initialize) (func reserve (param i32) (result i32) i32.const 8)
// (func check (param i32 i32) (result i32) unreachable)
const section = (id, ...bytes) => [id, bytes.length, ...bytes];
const exported = (name, kind, index) => [name.length, ...Buffer.from(name), kind, index];
const trap = Buffer.from([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
  ...section(1, 3, 0x60, 0, 0, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 2, 0x7f, 0x7f, 1, 0x7f),
  ...section(3, 3, 0, 1, 2),
  ...section(5, 1, 0, 1),
  ...section(7, 4, ...exported("memory", 2, 0), ...exported("_initialize", 0, 0), ...exported("reserve", 0, 1), ...exported("check", 0, 2)),
  ...section(10, 3, 2, 0, 0x0b, 4, 0, 0x41, 8, 0x0b, 3, 0, 0, 0x0b),
]);

let base, requests = [], broken = false, trapped = false;
const server = createServer((request, response) => {
  requests.push(request.url);
  if (broken) return response.writeHead(503).end();
  response.setHeader("Content-Type", request.url.startsWith("/wrong-type") ? "application/octet-stream" : "application/wasm");
  response.end(trapped ? trap : wasm);
});
before(() => new Promise((listening) => server.listen(0, "127.0.0.1", () => {
  base = `http://127.0.0.1:${server.address().port}`;
  listening();
})));
after(() => server.close());

const today = 20777; // 2026-11-20

test("the module answers as native Go does", async () => {
  const rules = await start(base + "/answers.wasm");
  assert.ok(answers.Checks.length > 200);
  for (const a of answers.Checks) {
    rules.setMonths(a.Months);
    assert.deepEqual(rules.check(a.Form, a.Field, a.Value, a.Today), { rule: a.Rule, over: a.Over }, a.Name);
  }
  for (const { Place, Address, Want } of answers.Suggestions) assert.equal(rules.suggest(Address), Want, Place);
});

test("the module counts periods as the law does", async () => {
  const rules = await start(base + "/answers.wasm");
  assert.ok(answers.Periods.length > 5);
  for (const { Country, Days, First, Closed, Ends } of answers.Periods) {
    rules.setClosed(Closed);
    for (const [i, end] of Ends.entries()) {
      const event = new Date((First + i) * 864e5).toISOString().slice(0, 10);
      assert.equal(rules.ends(event, Days), end, `${Country}: ${Days} days after ${event}`);
    }
  }
});

test("the host provides what the module imports, and nothing that no module does", () => {
  const wanted = WebAssembly.Module.imports(new WebAssembly.Module(wasm)).map((i) => i.module + "." + i.name);
  const calls = source.toString().match(/calls\(\) \{([\s\S]*?)\n  \}\n/)[1];
  const provided = [...calls.matchAll(/^      (\w+): /gm)].map((m) => "wasi_snapshot_preview1." + m[1]);
  for (const call of wanted) assert.ok(provided.includes(call), call);
  if (process.env.RULES.endsWith("built.wasm")) assert.equal(provided.length, wanted.length);
});

test("two widgets load it once", async () => {
  const [one, two] = await Promise.all([start(base + "/once.wasm"), start(base + "/once.wasm")]);
  assert.equal(one, two);
  assert.equal(requests.filter((r) => r === "/once.wasm").length, 1);
});

test("a wrong content type is no obstacle", async () => {
  const rules = await start(base + "/wrong-type.wasm");
  assert.equal(rules.suggest(" anna@gmial.com "), "anna@gmail.com");
});

test("after a failure it may be tried again", async () => {
  broken = true;
  await assert.rejects(start(base + "/retry.wasm"), /answered 503/);
  broken = false;
  const rules = await start(base + "/retry.wasm");
  assert.deepEqual(rules.check("withdrawal", "name", "Anna", today), { rule: 0, over: 0 });
});

test("what it cannot answer is null", async () => {
  const rules = await start(base + "/answers.wasm");
  assert.equal(rules.check("withdrawal", "nonsense", "x", today), null);
  assert.equal(rules.check("nonsense", "name", "x", today), null);
  assert.equal(rules.ends("2026-2-30", 14), null);
  assert.equal(rules.ends("1969-12-31", 1), 0, "a day before 1970 is no failure");
  assert.equal(rules.suggest("x".repeat(2 << 20)), "");
  assert.equal(rules.check("withdrawal", "name", "x".repeat(2 << 20), today), null);
  assert.notEqual(rules.check("withdrawal", "name", "x".repeat(500_000), today), null, "a long text is counted");
  assert.notEqual(rules.check("withdrawal", "name", "x", today), null, "it still answers");
});

test("after a stop the module answers no more, a fresh one does", async (t) => {
  t.mock.method(console, "warn", () => {});
  trapped = true;
  const stopped = await start(base + "/stop.wasm");
  assert.equal(stopped.check("withdrawal", "name", "Anna", today), null);
  trapped = false;
  const fresh = await start(base + "/stop.wasm");
  assert.deepEqual(fresh.check("withdrawal", "name", "Anna", today), { rule: 0, over: 0 });
  assert.equal(await start(base + "/stop.wasm"), fresh);
  assert.equal(stopped.check("withdrawal", "name", "Anna", today), null);
  assert.equal(stopped.suggest("anna@gmial.com"), "");
  assert.equal(stopped.ends("2026-11-20", 14), null);
  assert.equal(console.warn.mock.callCount(), 1, "it says so once");
});

test("a module that stops again and again is left alone", async (t) => {
  t.mock.method(console, "warn", () => {});
  trapped = true;
  for (let stop = 0; stop < 3; stop++) (await start(base + "/stops.wasm")).check("withdrawal", "name", "Anna", today);
  trapped = false;
  await assert.rejects(start(base + "/stops.wasm"), /again and again/);
  assert.ok(await start(base + "/another.wasm"));
});

test("long use needs no more memory", async (t) => {
  const memory = await memoryOf(t, "/long.wasm");
  const rules = await start(base + "/long.wasm");
  const text = "ä\u200b".repeat(5_000);
  const check = (times) => {
    for (let i = 0; i < times; i++) rules.check("complaint", "description", text, today);
    return memory.buffer.byteLength;
  };
  const before = check(1);
  assert.equal(check(2_000), before);
  assert.ok(before < 3 << 20, `${before} octets`);
});

// memoryOf starts the rules and catches the memory they get.
async function memoryOf(t, path) {
  const instantiate = t.mock.method(WebAssembly, "instantiateStreaming");
  await start(base + path);
  return (await instantiate.mock.calls[0].result).instance.exports.memory;
}

test("it leaves the page's globals alone", () => {
  assert.deepEqual(Object.getOwnPropertyNames(globalThis).sort(), globals);
  assert.equal(globalThis.Go, "a shop's own");
});
