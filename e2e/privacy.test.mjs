// Before the visitor shows intent nothing but recourse.js is loaded; nothing is ever stored on the device or asked of
// a third party; the page's own names stay its own.
import assert from "node:assert/strict";
import test from "node:test";
import { inBrowsers } from "./browsers.mjs";
import { hostPage, hostPages, shared, sleep, tag, until } from "./harness.mjs";
import { labels, openByKeyboard, pressButton, readReceipt, withdrawal } from "./journeys.mjs";

inBrowsers("privacy", (browser) => {
  test("only recourse.js is loaded before intent, and only our own files after", async (t) => {
    const program = await shared(), visitor = await browser().visitor(t);
    const shop = await hostPages(t, { "/": hostPage(tag(program)) });
    await visitor.goto(shop + "/");
    await visitor.sees("link", withdrawal.link);
    await sleep(500); // time to do what must not be done
    const before = visitor.seen.requests.filter((url) => url.startsWith("http") && url !== shop + "/" && !url.endsWith("/favicon.ico"));
    assert.deepEqual(before, [program.base + "recourse.js"]);

    await openByKeyboard(visitor, withdrawal);
    await visitor.fill(labels.name, "Eve");
    await visitor.fill(labels.contract, "1");
    await visitor.fill(labels.email, "eve@example.com");
    await pressButton(visitor, "Continue");
    await pressButton(visitor, withdrawal.send);
    await readReceipt(visitor, withdrawal);
    const foreign = visitor.seen.requests.filter((url) => url.startsWith("http") && ![shop, program.origin].includes(new URL(url).origin));
    assert.deepEqual(foreign, []);
    assert.deepEqual(await stored(visitor.page), { cookies: "", local: 0, session: 0, databases: 0, caches: 0 });
    assert.deepEqual(await visitor.page.browserContext().cookies(), [], "no cookie on any site");
    await visitor.calm();
  });

  test("intent is enough to load the form, before any press", async (t) => {
    const program = await shared(), visitor = await browser().visitor(t);
    const shop = await hostPages(t, { "/": hostPage(tag(program)) });
    await visitor.goto(shop + "/");
    await visitor.tabTo("link", withdrawal.link);
    await until("the form's definition", () => visitor.seen.requests.some((url) => /\/withdrawal\.\w+\.json$/.test(url)));
    await visitor.seesNo("dialog");
  });

  test("no global appears, and occupied names do no harm", async (t) => {
    const occupied = `<script>window.process = { env: {} }; window.fs = {}; window.Go = 1; window.path = "";
      Array.prototype.toJSON = function () { return "broken"; };</script><form id="recourse"></form><img name="currentScript" alt="">`;
    const program = await shared(), visitor = await browser().visitor(t);
    const shop = await hostPages(t, { "/": hostPage(occupied + tag(program)), "/without": hostPage(occupied) });
    const names = () => visitor.page.evaluate(() => Object.getOwnPropertyNames(window).sort());
    await visitor.goto(shop + "/without");
    const before = new Set(await names());
    await visitor.goto(shop + "/");
    await openByKeyboard(visitor, withdrawal);
    await until("the rules", () => visitor.seen.requests.some((url) => url.endsWith(".wasm")));
    await pressButton(visitor, "Continue");
    await visitor.sees("group", "There is a problem");
    assert.deepEqual((await names()).filter((one) => !before.has(one)), []);
    await visitor.calm();
  });

  test("pasted twice, the row is there once", async (t) => {
    const program = await shared(), visitor = await browser().visitor(t);
    const script = `<script async src="${program.base}recourse.js"></script>`;
    const shop = await hostPages(t, { "/": hostPage(tag(program) + script), "/bare": hostPage(script) });
    for (const page of ["/", "/bare"]) {
      await visitor.goto(shop + page);
      await visitor.sees("link", withdrawal.link);
      await sleep(200);
      assert.equal((await visitor.look("link", withdrawal.link)).length, 1, page);
    }
    await visitor.calm();
  });
});

const stored = (page) => page.evaluate(async () => ({
  cookies: document.cookie, local: localStorage.length, session: sessionStorage.length,
  databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
}));
