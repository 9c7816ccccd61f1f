// Walks everything that was built: every link and anchor leads somewhere, nothing is escaped twice, nothing was left unfilled.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import test from "node:test";
import { addresses, ids, pages } from "./dist.mjs";
import { start } from "./harness.mjs";

test("the built site", async (t) => {
  const program = await start(t), built = await pages(program);

  await t.test("each of the eight locales has its pages", () => {
    const locales = ["de-AT", "de-DE", "en-AT", "en-DE", "en-IT", "en-PL", "it-IT", "pl-PL"];
    const expected = locales.flatMap((locale) => ["", "complaints/", "disputes/", "guarantee/", "privacy/", "returns/", "withdrawal/"].map((page) => `${locale}/${page}index.html`));
    const there = new Set(built.map((page) => page.file));
    assert.deepEqual(expected.filter((file) => !there.has(file)), []);
  });

  await t.test("every link and anchor of the pages resolves", async () => {
    const answers = new Map(), broken = [];
    for (const { file, address, html } of built) {
      for (const link of addresses(html)) {
        const target = new URL(link, address);
        if (target.origin !== program.origin || target.pathname.endsWith("/submissions")) continue;
        const { status, anchors } = await fetched(target, answers);
        const anchor = decodeURIComponent(target.hash.slice(1));
        if (status !== 200) broken.push(`${file}: ${link} answers ${status}`);
        else if (anchor && !anchors.has(anchor)) broken.push(`${file}: ${link} leads to no such place`);
      }
    }
    assert.deepEqual(broken, []);
    assert.ok(answers.size > 50, `only ${answers.size} addresses were found`);
  });

  await t.test("the demo shop's own pages link to what is there", async () => {
    for (const home of ["/", "/de/"]) {
      const html = await (await fetch(program.origin + home)).text();
      for (const link of addresses(html).filter((one) => !one.startsWith("data:"))) {
        const { status, anchors } = await fetched(new URL(link, program.origin + home), new Map());
        assert.equal(status, 200, `${home}: ${link}`);
        if (link.startsWith("#")) assert.ok(anchors.has(link.slice(1)), `${home}: ${link}`);
      }
    }
  });

  await t.test("what the widget loads and the sitemap lists is there", async () => {
    const answers = new Map(), broken = [];
    for (const file of (await files(program.dist)).filter((name) => /\.(json|xml|txt)$/.test(name))) {
      const text = await readFile(path.join(program.dist, file), "utf8");
      for (const [address] of text.matchAll(new RegExp(program.base + "[^\"<>\\s\\\\]*", "g"))) {
        if (address.endsWith("/submissions")) continue;
        const { status } = await fetched(new URL(address), answers);
        if (status !== 200) broken.push(`${file}: ${address} answers ${status}`);
      }
    }
    assert.deepEqual(broken, []);
    assert.ok(answers.size >= 8 * 2, `only ${answers.size} addresses were found`);
  });

  await t.test("what has a hash in its name is kept for good, what is pasted is not", async () => {
    const kept = async (file) => (await fetch(program.base + file)).headers.get("cache-control");
    const hashed = (await files(program.dist)).filter((name) => /\.\w{8,}\.\w+$/.test(name));
    assert.ok(hashed.length >= 8 * 2, `only ${hashed.length} files have a hash`);
    for (const file of hashed) assert.match(await kept(file), /immutable/, file);
    for (const file of ["recourse.js", "en-DE/"]) assert.doesNotMatch(await kept(file), /immutable/, file);
  });

  await t.test("nothing is escaped twice, left unfilled, or links to the closed ODR platform", async () => {
    const bad = /&amp;(?:amp|lt|gt|quot|#\d+);|&lt;\/?(?:p|a|li|ul|strong|em|h\d)\b|ZgotmplZ|<no value>|&lt;no value&gt;|\{\{ ?[.\w]|%!\w\(|ec\.europa\.eu\/(?:consumers\/)?odr/i;
    const found = [];
    for (const file of (await files(program.dist)).filter((name) => /\.(html|json|js|xml|txt)$/.test(name) && !name.startsWith("assets"))) {
      const text = await readFile(path.join(program.dist, file), "utf8");
      const match = bad.exec(text);
      if (match) found.push(`${file}: …${text.slice(Math.max(0, match.index - 40), match.index + 40)}…`);
    }
    assert.deepEqual(found, []);
  });
});

const files = async (dist) => (await readdir(dist, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile()).map((entry) => path.relative(dist, path.join(entry.parentPath ?? entry.path, entry.name)));

const fetched = async (target, answers) => {
  const address = target.origin + target.pathname + target.search;
  if (!answers.has(address)) {
    const answer = await fetch(address);
    const html = (answer.headers.get("content-type") ?? "").includes("html");
    answers.set(address, { status: answer.status, anchors: html ? ids(await answer.text()) : new Set() });
  }
  return answers.get(address);
};
