// The rules as visitors get them, module and host, answer the tables of form/testdata in each browser. Go's own answers and
// the server's are held against the same tables (form/form_test.go, intake/table_test.go).
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { inBrowsers } from "./browsers.mjs";
import { shared } from "./harness.mjs";
import { built, shopPage, startRules } from "./rules.mjs";
import { checks, suggestions } from "./tables.mjs";

inBrowsers("rules", (browser) => {
  let program, names; // names of the rules, by number
  test.before(async () => {
    program = await shared();
    names = JSON.parse(await readFile(await built(program, "en-DE", /^withdrawal-after\..*\.json$/), "utf8")).rules;
  });

  const rulesPage = async (t, browser) => {
    const page = await shopPage(t, browser, program);
    await startRules(page);
    return page;
  };
  const answerOf = ({ rule, over }) => (names[rule] || "ok") + (over ? " " + over : "");

  test("they answer the tables", async (t) => {
    const page = await rulesPage(t, browser()), rows = checks();
    assert.ok(rows.length > 250, `${rows.length} rows`);
    const answers = await page.evaluate((rows) => rows.map(({ form, field, value, today, months }) => {
      rules.setMonths(months);
      return rules.check(form, field, value, today);
    }), rows);
    assert.deepEqual(rows.map(({ place }, i) => `${place} ${answerOf(answers[i])}`), rows.map(({ place, answer }) => `${place} ${answer}`));
  });

  test("they suggest what the table suggests", async (t) => {
    const page = await rulesPage(t, browser()), rows = suggestions();
    const found = await page.evaluate((rows) => rows.map(({ address }) => rules.suggest(address)), rows);
    assert.ok(rows.length > 100, `${rows.length} rows`);
    assert.deepEqual(found.map((found, i) => rows[i].place + " " + found), rows.map(({ place, wanted }) => place + " " + wanted));
  });

  test("two hundred thousand checks need no more memory than the first", async (t) => {
    const page = await rulesPage(t, browser());
    const [before, after] = await page.evaluate((rows) => {
      const check = (i) => rules.check(rows[i % rows.length].form, rows[i % rows.length].field, rows[i % rows.length].value, rows[i % rows.length].today);
      for (const i of rows.keys()) check(i);
      const before = memory.buffer.byteLength;
      for (let i = 0; i < 200_000; i++) check(i);
      return [before, memory.buffer.byteLength];
    }, checks().filter(({ value }) => value.length < 1000));
    assert.equal(after, before);
    assert.ok(after < 3 << 20, `${after} octets`);
  });
});
