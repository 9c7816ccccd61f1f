// A shop whose policy forbids WebAssembly (no 'wasm-unsafe-eval') and enforces Trusted Types. That visitors are told the
// same words there is in runs.test.mjs.
import test from "node:test";
import { inBrowsers } from "./browsers.mjs";
import { hostPage, hostPages, shared, tag, until } from "./harness.mjs";
import { complaint, labels, openByKeyboard } from "./journeys.mjs";

const strict = (program) => ({
  "Content-Security-Policy": `default-src 'none'; script-src ${program.origin}; connect-src ${program.origin}; img-src data:; ` +
    "style-src 'self'; base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'; trusted-types 'none'",
});

inBrowsers("policy of the shop", (browser) => {
  test("under the strict policy nothing but WebAssembly is missed", async (t) => {
    const program = await shared(), visitor = await browser().visitor(t);
    const shop = await hostPages(t, { "/": hostPage(tag(program), { headers: strict(program) }) });
    await visitor.goto(shop + "/");
    await openByKeyboard(visitor, complaint);
    await visitor.fill(labels.name, "Grace");
    await until("the attempt to run the rules", async () => visitor.seen.requests.some((url) => url.endsWith(".wasm")) || (await visitor.seen.violations()).length);
    await visitor.calm([/wasm|WebAssembly/i]);
  });
});
