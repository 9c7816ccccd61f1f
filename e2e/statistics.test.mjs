// The statistics page of the inbox: found, chosen and read by keyboard, on small screens, without colour, and as files.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import test from "node:test";
import { emulate, inBrowsers } from "./browsers.mjs";
import { start } from "./harness.mjs";
import { openInbox } from "./inbox.mjs";
import { inspect } from "./inspection.mjs";
import { pressButton } from "./journeys.mjs";

const jar = createRequire(import.meta.url).resolve("vnu-jar/build/dist/vnu.jar");

// six cases, so that there are percentages.
const declare = async (program) => {
  for (const reason of ["late", "late", "damaged", "billing"]) {
    await program.declare({ form: "complaint", name: "Anna", email: reason + "@example.org", reason, description: "Bitte antworten Sie." });
  }
  for (const contract of ["1", "2"]) await program.declare({ name: "Jan", contract, email: "jan@example.org", locale: "pl-PL" });
};

const logIn = async (visitor, program) => {
  await visitor.goto(program.base + "inbox/");
  await visitor.fill("Benutzername", "owner");
  await visitor.fill("Passwort", await program.password());
  await visitor.leaves(() => visitor.press("Enter"));
};

inBrowsers("statistics", (browser, name) => {
  test("by keyboard: empty, figures, tables, periods; no violations, nothing cut off at 320 pixels", async (t) => {
    const program = await start(t), visitor = await browser().visitor(t), { page } = visitor, found = [];
    const look = async (state) => {
      for (const problem of await inspect(page, name)) found.push(`${state}: ${problem}`);
    };
    await logIn(visitor, program);
    await visitor.tabTo("link", "Statistik");
    await visitor.leaves(() => visitor.press("Enter"));
    await visitor.sees("heading", "Statistik");
    assert.match(await visitor.text(), /kein Vorgang eingegangen/);
    await look("empty");

    await declare(program);
    await page.reload();
    assert.match(await visitor.text(), /Nichts ist überfällig/);
    await look("figures");
    assert.deepEqual(await lettersTooSmall(page), []);

    const folded = await page.$$("details summary");
    assert.ok(folded.length >= 4, "every plot has a table");
    await folded[0].focus();
    for (const summary of folded) {
      await visitor.press("Enter");
      assert.ok(await summary.evaluate((e) => e === document.activeElement && e.parentElement.open), "Enter opens the table, Tab leads to the next");
      // The box of the table can be scrolled, and has a stop of its own.
      for (let i = 0; i < 2; i++) await visitor.press("Tab");
    }
    assert.match(await visitor.text(), /Beschwerde: Zu spät geliefert/);
    await look("tables");

    assert.equal(await shown(page, "#from"), false, "dates are there only where they count");
    await visitor.choose("Zeitraum", "Von … bis …");
    assert.equal(await shown(page, "#from"), true);
    await visitor.leaves(() => pressButton(visitor, "Anzeigen"));
    assert.match(await visitor.text(), /Geben Sie den ersten Tag/);
    await look("problems");
    await visitor.goto(program.base + "inbox/statistics?period=days&from=2026-02-01&to=2026-02-28");
    assert.match(await visitor.text(), /1. Februar 2026 bis 28. Februar 2026/);
    assert.equal(await page.$eval("#from", (e) => e.value), "2026-02-01", "what was chosen stays");
    assert.deepEqual(found, []);
    assert.deepEqual(await visitor.seen.violations(), []);
    assert.deepEqual(visitor.seen.errors.filter((line) => !line.includes("422")), []);
  });

  test("every plot is an image with a description, and can be read without colour", { skip: name !== "Chromium" && "only Chromium can be told" }, async (t) => {
    const program = await start(t), visitor = await browser().visitor(t), { page } = visitor;
    await declare(program);
    await logIn(visitor, program);
    await visitor.goto(program.base + "inbox/statistics");
    for (const image of await page.$$eval("figure .rc-plot", (all) => all.map((e) => [e.getAttribute("role"), e.getAttribute("aria-label")]))) {
      assert.equal(image[0], "img");
      assert.match(image[1], /Die Zahlen stehen in der Tabelle darunter\.$/);
    }
    const fills = await page.$$eval(".rc-axes rect", (all) => [...new Set(all.map((e) => e.getAttribute("fill")))]);
    assert.equal(fills.length, 4, "three reasons and withdrawals have a pattern each");
    await emulate(page, "forced-colors=active");
    const [ink, text] = await page.evaluate(() => [".rc-plot svg", "h1"].map((s) => getComputedStyle(document.querySelector(s)).color));
    assert.equal(ink, text, "drawings are in the colour of the text");
    assert.equal(await page.$eval("#rc-fill-0 rect", (e) => getComputedStyle(e).fill), text, "and so are the patterns");
  });
});

// lettersTooSmall lists texts below 12 pixels at 320.
const lettersTooSmall = async (page) => {
  await page.setViewport({ width: 320, height: 640 });
  const found = await page.$$eval("main *", (all) => all.filter((e) => e.childElementCount === 0 && e.textContent.trim() && e.getClientRects().length)
    .filter((e) => e.localName !== "title" && parseFloat(getComputedStyle(e).fontSize) * (e.getScreenCTM?.()?.d ?? 1) < 12).map((e) => e.outerHTML));
  await page.setViewport({ width: 1280, height: 900 });
  return found;
};

const shown = (page, selector) => page.$eval(selector, (e) => e.checkVisibility());

inBrowsers("statistics for programs", () => {
  test("files for other programs, and the Nu checker", async (t) => {
    const program = await start(t);
    await declare(program);
    const inbox = await openInbox(program), html = await inbox.read("statistics"), file = path.join(program.folder, "statistics.html");
    await writeFile(file, html);
    const output = await new Promise((done, failed) => {
      execFile("java", ["-jar", jar, "--format", "json", "--stdout", "--exit-zero-always", file], (error, stdout) => (error ? failed(error) : done(stdout)));
    });
    assert.deepEqual(JSON.parse(output).messages.map(({ lastLine, message, extract }) => `${lastLine}: ${message} in ${extract}`), []);

    const links = [...html.matchAll(/href="(statistics\/[^"]+)"/g)].map((match) => match[1].replaceAll("&amp;", "&"));
    assert.deepEqual(links.map((link) => link.split("?")[0]), ["statistics/figures.csv", "statistics/figures.json", "statistics/cases.csv", "statistics/cases.json"]);
    const [figures, rows, lines, cases] = await Promise.all(links.map((link) => inbox.read(link)));
    assert.match(figures, /"received","","[0-9-]+","[0-9-]+","","","6",""/);
    assert.equal(JSON.parse(rows).find((row) => row.figure === "received").value, "6");
    assert.equal(lines.trim().split("\r\n").length, 7, "a head and six cases");
    assert.equal(JSON.parse(cases).filter((one) => one.reason === "late").length, 2);
    for (const text of [figures, rows, lines, cases]) assert.doesNotMatch(text, /@|Anna|Jan|antworten/, "nothing is about a person");
  });
}, { only: ["Chromium"] });
