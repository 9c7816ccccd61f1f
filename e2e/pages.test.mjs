// Every page of the demo shop, with the versions of one text: axe finds nothing, nothing is said to the console, nothing offends
// against the policy the pages are served with, and what search engines read is what visitors see.
import assert from "node:assert/strict";
import test from "node:test";
import { inBrowsers } from "./browsers.mjs";
import { pages } from "./dist.mjs";
import { start } from "./harness.mjs";
import { violations } from "./inspection.mjs";
import { published } from "./published.mjs";

// Versions are made alike for all texts; the playground has tests of its own.
const isVisited = ({ file }) => !/^playground|fragment\.html$/.test(file) && (!file.includes("/versions/") || file.includes("/returns/"));

inBrowsers("pages", (browser) => {
  test("are accessible, silent, and say to search engines what they say", async (t) => {
    const program = await start(t, ...(await published(t))), all = (await pages(program)).filter(isVisited), found = [];
    assert.ok(all.length >= 1 + 8 * (8 + 3), `there are ${all.length} pages`);
    const visitor = await browser().visitor(t);
    for (const { file, address } of all) {
      const answer = await visitor.goto(address);
      assert.match(answer.headers()["content-security-policy"], /default-src 'none'; script-src 'self'/, file);
      for (const problem of [...(await violations(visitor.page)), ...(await visitor.seen.violations())]) found.push(`${file}: ${problem}`);
      if (file !== "index.html") assert.deepEqual(...(await visitor.page.evaluate(trails)), file);
    }
    assert.deepEqual([...found, ...visitor.seen.errors], []);
  });

  test("that break the policy are noticed", async (t) => {
    const program = await start(t), visitor = await browser().visitor(t);
    await visitor.goto(program.base + "en-DE/returns/");
    await visitor.page.evaluate(() => document.head.append(Object.assign(document.createElement("style"), { textContent: "p { color: red }" })));
    assert.match((await visitor.seen.violations()).join(), /style-src/);
  });
}, { only: ["Chromium"] });

// trails are the breadcrumb of a page as search engines read it and as it is seen, each as [name, address].
const trails = () => {
  const blocks = [...document.querySelectorAll("script[type='application/ld+json']")].map((block) => JSON.parse(block.text));
  const read = blocks.find((block) => block["@type"] === "BreadcrumbList").itemListElement;
  return [
    read.sort((a, b) => a.position - b.position).map(({ name, item }) => [name, item]),
    [...document.querySelectorAll(".rc-crumbs li")].map((item) => [item.innerText, item.querySelector("a")?.href]),
  ];
};
