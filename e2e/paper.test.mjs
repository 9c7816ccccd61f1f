// What comes out of a printer: the text in black on white, where it is from, and nothing to click on.
import assert from "node:assert/strict";
import test from "node:test";
import { inBrowsers, settled } from "./browsers.mjs";
import { start } from "./harness.mjs";
import { published } from "./published.mjs";

inBrowsers("paper", (browser) => {
  let program;
  const after = [];
  test.before(async () => { program = await start(undefined, ...(await published({ after: (end) => after.push(end) }))); });
  test.after(async () => { await program?.stop(); for (const end of after) await end(); });

  // printed opens a page as a printer gets it that belongs to somebody who likes the dark, on the width of A4 within its margins.
  const printed = async (t, path) => {
    const { page } = await browser().visitor(t, { width: 657, height: 950 });
    const session = await page.createCDPSession();
    await page.goto(program.base + path, { waitUntil: "networkidle0" });
    await session.send("Emulation.setEmulatedMedia", { media: "print", features: [{ name: "prefers-color-scheme", value: "dark" }] });
    await settled(page); // colours of links fade
    return page;
  };

  test("has no navigation, and black text on white", async (t) => {
    const page = await printed(t, "en-DE/returns/");
    const seen = await page.evaluate(() => [...document.querySelectorAll("nav, details, .rc-skip, .rc-version a")].filter((e) => e.checkVisibility()).map((e) => e.outerHTML));
    assert.deepEqual(seen, []);
    assert.ok(await page.$eval("recourse-widget", (widget) => widget.shadowRoot.querySelector("[part=row] a").textContent), "the widget is there");
    assert.deepEqual(await page.$eval(".rc-widget", (box) => [box.clientHeight, getComputedStyle(box).overflowY]), [0, "hidden"]);
    const colours = await page.evaluate(() => [...document.querySelectorAll("body, h1, h2, main p, main li, main a, address")].map((e) => {
      const { color, backgroundColor } = getComputedStyle(e);
      return `${color} on ${e === document.body ? backgroundColor : backgroundColor.replace("rgba(0, 0, 0, 0)", "rgb(255, 255, 255)")}`;
    }));
    assert.deepEqual([...new Set(colours)].sort(), ["rgb(0, 0, 0) on rgb(255, 255, 255)", "rgb(51, 51, 51) on rgb(255, 255, 255)"]);
    assert.ok(await page.evaluate(() => document.scrollingElement.scrollWidth <= innerWidth), "nothing is cut off at the side");
  });

  test("says where the page is, and where its links lead to other sites", async (t) => {
    const page = await printed(t, "pl-PL/disputes/");
    const behind = (selector) => page.$$eval(selector, (all) => all.map((e) => [e.href, e.checkVisibility() ? getComputedStyle(e, "::after").content : ""]));
    assert.deepEqual(await behind("[rel=canonical]"), [[program.base + "pl-PL/disputes/", `"${program.base}pl-PL/disputes/"`]]);
    const there = await behind("main p > a[href^=http], .rc-seller a[href^=http]");
    assert.ok(there.length >= 3, `${there.length} links lead to other sites`);
    for (const [href, content] of there) assert.equal(content.replace(/" "|\/(?=>)/g, ""), `" <${href.replace(/\/$/, "")}>"`);
    for (const [, content] of await behind("main p > a:not([href^=http]):not(.rc-version a)")) assert.equal(content, "none");
  });

  test("holds what changed, folded up or not", async (t) => {
    const page = await printed(t, "de-DE/returns/versions/");
    const changes = await page.$eval(".rc-changes", (details) => ({ open: details.open, height: details.querySelector("ins").getBoundingClientRect().height, seen: details.querySelector("ins").checkVisibility({ contentVisibilityAuto: true }) }));
    assert.ok(!changes.open && changes.seen && changes.height > 10, JSON.stringify(changes));
  });

  test("is A4, and ends without an empty sheet", async (t) => {
    const page = await printed(t, "en-DE/disputes/");
    const pdf = Buffer.from(await page.pdf({ preferCSSPageSize: true })).toString("latin1");
    assert.match(pdf, /\/MediaBox \[0 0 59[45][.\d]* 84[12][.\d]*\]/);
    assert.equal(pdf.match(/\/Type \/Page\b/g).length, 1);
  });
}, { only: ["Chromium"] });
