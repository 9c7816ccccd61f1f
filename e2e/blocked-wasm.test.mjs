// A shop whose policy forbids WebAssembly (no 'wasm-unsafe-eval') and enforces Trusted Types: visitors read the same
// messages and the trader gets the same fields, only later.
import assert from "node:assert/strict";
import test from "node:test";
import { inBrowsers } from "./browsers.mjs";
import { hostPage, hostPages, start, tag, until } from "./harness.mjs";
import { openInbox, statement } from "./inbox.mjs";
import { complaint, labels, openByKeyboard, pressButton, readReceipt } from "./journeys.mjs";

const strict = (program) => ({
  "Content-Security-Policy": `default-src 'none'; script-src ${program.origin}; connect-src ${program.origin}; img-src data:; ` +
    "style-src 'self'; base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'; trusted-types 'none'",
});

inBrowsers("policy of the shop", (browser) => {
  test("without wasm the messages and the stored fields are the same", async (t) => {
    const program = await start(t);
    const shop = await hostPages(t, { "/free": hostPage(tag(program)), "/strict": hostPage(tag(program), { headers: strict(program) }) });
    const told = {}, stored = {}, ran = {};
    for (const policy of ["free", "strict"]) {
      const visitor = await browser().visitor(t);
      await visitor.goto(`${shop}/${policy}`);
      await openByKeyboard(visitor, complaint);
      told[policy] = await complainWithMistakes(visitor, "grace@example.com");
      const { reference } = await readReceipt(visitor, complaint);
      stored[policy] = statement(await (await openInbox(program)).case(reference));
      ran[policy] = visitor.seen.requests.some((url) => url.endsWith(".wasm")) && !(await visitor.seen.violations()).length;
    }
    assert.ok(ran.free, "without a policy the rules run in the browser");
    assert.ok(!ran.strict, "the policy has kept the rules from running");
    assert.equal(told.free.length, 5);
    assert.deepEqual(told.strict, told.free);
    assert.deepEqual(stored.strict, stored.free);
    assert.equal((await (await openInbox(program)).references()).length, 2, "asking the server whether all is well sends nothing");
    assert.ok(stored.free.some(([, value]) => value === "José O’Brien"), "names are stored composed and trimmed: " + JSON.stringify(stored.free));
  });

  test("under the strict policy nothing but WebAssembly is missed", async (t) => {
    const program = await start(t), visitor = await browser().visitor(t);
    const shop = await hostPages(t, { "/": hostPage(tag(program), { headers: strict(program) }) });
    await visitor.goto(shop + "/");
    await openByKeyboard(visitor, complaint);
    await visitor.fill(labels.name, "Grace");
    await until("the attempt to run the rules", async () => visitor.seen.requests.some((url) => url.endsWith(".wasm")) || (await visitor.seen.violations()).length);
    await visitor.calm([/wasm|WebAssembly/i]);
  });
});

// complainWithMistakes goes on wherever the form leads, mends what it is told to and returns what it was told, in order.
const complainWithMistakes = async (visitor, email) => {
  const told = [];
  const goOn = async (button) => {
    await pressButton(visitor, button);
    const now = await until("the next step", async () => {
      const [focused] = await visitor.focus();
      return ["heading", "group"].includes(focused?.role) && focused;
    });
    if (now.role === "heading") return true;
    told.push(...(await visitor.look("link")).filter((link) => link.href.includes("#rc-")).map((link) => link.name));
    return false;
  };
  const page1 = { wrong: { [labels.email]: "grace at example.com" }, right: { [labels.name]: " Jose\u0301 O’Brien  ", [labels.email]: email, Year: "2026" } };
  await visitor.fillDate(labels.received, { Day: "7", Month: "5" });
  await fillAll(visitor, page1.wrong);
  if (!(await goOn("Continue"))) {
    await fillAll(visitor, page1.right);
    assert.ok(await goOn("Continue"));
  }
  if (!(await goOn("Continue"))) {
    await mendSecond(visitor);
    assert.ok(await goOn("Continue"));
  }
  while (!(await goOn(complaint.send))) {
    if ((await visitor.look("textbox", labels.name)).length) await fillAll(visitor, page1.right);
    else await mendSecond(visitor);
    assert.ok(await goOn("Continue"));
  }
  return told;
};

const fillAll = async (visitor, values) => {
  for (const [label, value] of Object.entries(values)) await visitor.fill(label, value);
};

const mendSecond = async (visitor) => {
  await visitor.choose(labels.reason, "Delivered late");
  await visitor.fill(labels.description, "Two weeks late.\n\nNobody answered.");
};
