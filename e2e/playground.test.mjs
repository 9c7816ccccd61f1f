// The playground: every control changes the real widget, every button leads the real form to its state, and what there is
// to paste is what is shown.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import test from "node:test";
import { inBrowsers, settled } from "./browsers.mjs";
import { hostPages, start, until } from "./harness.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

inBrowsers("playground", (browser, name) => {
  let program;
  test.before(async () => { program = await start(null, "--playground"); });
  test.after(() => program?.stop());

  const visit = async (t) => {
    const visitor = await browser().visitor(t);
    await visitor.goto(program.base + "playground/");
    await until("the snippet", () => text(visitor.page, "html"));
    return { visitor, page: visitor.page };
  };

  test("controls change the widget, and what to paste follows", async (t) => {
    const { visitor, page } = await visit(t);
    await pick(page, "lang", "pl");
    await visitor.sees("link", "Odstąp od umowy tutaj");
    await pick(page, "country", "AT");
    await pick(page, "lang", "de");
    await visitor.sees("link", "Vertrag widerrufen");
    await page.click("[name=show][value=complaint]");
    await page.click("[name=theme][value=dark]");
    await page.type("[name=name]", 'Anna "A" <Muster> & Söhne');
    await page.type("[name=order]", "4711");
    await page.type("[name=items]", "2 x Lamp; Shade");
    await page.type("#font", "Georgia, serif");
    await colour(page, "--recourse-accent", "#8a4a00");
    await colour(page, "--recourse-surface", "#ffffff");
    await slide(page, "--recourse-radius", "1.5");
    await slide(page, "--recourse-max-width", "30");

    const shown = await page.evaluate(() => {
      const widget = document.querySelector("recourse-widget"), link = widget.shadowRoot.querySelector("[part~=withdrawal]");
      const { color, backgroundColor, borderTopLeftRadius, fontFamily, fontSize } = getComputedStyle(link);
      return { color, backgroundColor, fontFamily, radius: parseFloat(borderTopLeftRadius) / parseFloat(fontSize), dark: getComputedStyle(widget).colorScheme,
        links: [...widget.shadowRoot.querySelectorAll("a")].map((a) => a.part[1]), attributes: attributesOf(widget), style: styleOf(widget) };
      function attributesOf(e) { return Object.fromEntries([...e.attributes].filter((a) => a.name !== "style").map((a) => [a.name, a.value])); }
      function styleOf(e) { return Object.fromEntries([...e.style].map((name) => [name, e.style.getPropertyValue(name)])); }
    });
    assert.deepEqual({ ...shown, attributes: 0, style: 0 }, {
      color: "color(xyz-d65 0.95 1 1.089)", backgroundColor: "rgb(138, 74, 0)", fontFamily: "Georgia, serif", radius: 1.5, dark: "dark",
      links: ["withdrawal", "disputes"], attributes: 0, style: 0,
    });

    // Pasted into another page, the tag and the styles give the same element.
    const html = await text(page, "html"), css = await text(page, "css");
    const shop = await hostPages(t, { "/": { html: `<!doctype html><html lang="en"><meta charset="utf-8"><title>Shop</title><style>${css}</style>${html}</html>` } });
    const other = await browser().visitor(t);
    await other.goto(shop + "/");
    await other.sees("link", "Vertrag widerrufen");
    const pasted = await other.page.evaluate((names) => {
      const widget = document.querySelector("recourse-widget"), link = widget.shadowRoot.querySelector("[part~=withdrawal]"), look = getComputedStyle(widget);
      return {
        attributes: Object.fromEntries([...widget.attributes].map((a) => [a.name, a.value])),
        style: Object.fromEntries(names.map((name) => [name, look.getPropertyValue(name).trim()])),
        background: getComputedStyle(link).backgroundColor, address: link.href,
      };
    }, Object.keys(shown.style));
    assert.equal(Object.keys(shown.style).length, 5);
    assert.deepEqual(pasted, { attributes: shown.attributes, style: shown.style, background: shown.backgroundColor, address: program.base + "de-AT/withdrawal/" });
    assert.match(await text(page, "plain"), /^<p><a href="[^"]+\/de-AT\/withdrawal\/">Vertrag widerrufen<\/a>/);

    await page.click("[data-copy=css]");
    await until("what was copied to be told", () => text(page, "copied"));
    assert.equal(await page.evaluate(() => String(getSelection()).trim()), css.trim());

    await page.click("#pinned");
    assert.match(await text(page, "html"), /src="[^"]+\/recourse\.\w+\.js" integrity="sha384-[^"]+" crossorigin="anonymous"/);
    await page.click("button[type=reset]");
    await until("the standard", async () => !/\bshow=|theme=/.test(await text(page, "html")) && /Nothing/.test(await text(page, "css")));
    assert.deepEqual(await page.evaluate(() => document.querySelector("recourse-widget").getAttributeNames()), []);
    await visitor.calm();
  });

  test("one property is undone alone, and contrast stays", async (t) => {
    const { visitor, page } = await visit(t);
    const told = () => page.$$eval("#contrasts li", (lines) => lines.map((line) => line.innerText));
    const enough = async () => assert.ok((await told()).every((line) => parseFloat(/[\d.]+(?=:1)/.exec(line)[0]) >= 4.5), await told());
    await enough();
    assert.equal(await page.$eval("#accent", (input) => input.value), "#1d4f73", "what holds is shown before it is chosen");
    await page.click("[name=theme][value=dark]");
    assert.equal(await page.$eval("#accent", (input) => input.value), "#a3cdf0");
    await page.click("[name=theme][value='']");
    await colour(page, "--recourse-accent", "#777777"); // neither black nor white has much room here
    await colour(page, "--recourse-surface", "#eeeeee");
    await enough();
    await page.click("[name=show][value=withdrawal]");
    assert.match((await told())[0], /not shown/);
    await page.click("[data-property='--recourse-surface'] .undo");
    assert.equal(await text(page, "css"), "recourse-widget {\n  --recourse-accent: #777777;\n}");
    assert.equal(await page.evaluate(() => document.activeElement.id), "surface");
    await visitor.calm();
  });

  test("every state is reached in the real form", async (t) => {
    const { visitor, page } = await visit(t);
    const reach = async (form, state, what) => {
      await page.click(`[data-form=${form}][data-state=${state}]`);
      await until(`${form} ${state}`, () => page.evaluate(seen, what));
      await page.keyboard.press("Escape");
      await until("the page", () => page.evaluate(() => !document.querySelector("recourse-widget").shadowRoot.querySelector("dialog[open]")));
      await until("the button to have the focus", () => page.evaluate((form, state) => document.activeElement.matches(`[data-form=${form}][data-state=${state}]`), form, state));
    };
    for (const form of ["withdrawal", "complaint"]) {
      await reach(form, "empty", { has: "[name=name]", not: ".rc-note, .rc-problems" });
      await reach(form, "errors", { has: ".rc-problems [href='#rc-name']" });
      await reach(form, "kept", { has: ".rc-note" });
      await reach(form, "review", { has: "form .rc-review" });
      await reach(form, "empty", { has: "[name=name]", not: ".rc-note, .rc-problems" });
    }
    await reach("complaint", "second", { has: "[name=description]", not: ".rc-problems" });
    await reach("complaint", "second-errors", { has: ".rc-problems" });
    await reach("disputes", "empty", { has: ".rc-prose" });
    await page.type("[name=email]", "somebody@example.com");
    for (const form of ["withdrawal", "complaint"]) await reach(form, "receipt", { has: ".rc-receipt" });
    await until("the acknowledgements", async () => (await program.mails("somebody@example.com")).length === 2);
    await reach("complaint", "empty", { has: "[name=name]", not: ".rc-receipt, .rc-note" });

    const heard = await page.$$eval("#events li code", (lines) => lines.map((line) => line.textContent));
    assert.equal(heard.filter((line) => line.startsWith("recourse-submit")).length, 2);
    assert.ok(heard.includes('recourse-submit {"form":"complaint"}') && heard.includes('recourse-open {"form":"disputes"}') && heard[0].startsWith("recourse-close"), heard.join("\n"));
    await visitor.calm();
  });

  test("offline the review keeps everything, as the page says", async (t) => {
    if (name === "Firefox") return t.skip("its driver cannot take the network away");
    const { page } = await visit(t);
    await page.click("[data-form=withdrawal][data-state=review]");
    await until("the review", () => page.evaluate(seen, { has: "form .rc-review" }));
    await page.setOfflineMode(true);
    await page.evaluate(() => document.querySelector("recourse-widget").shadowRoot.querySelector("dialog form [type=submit]").click());
    await until("what happened", () => page.evaluate(seen, { has: ".rc-problems textarea" }), { within: 30_000 });
    await page.setOfflineMode(false);
  });

  test("no violations, nothing cut off at 320 pixels, no request to others", async (t) => {
    const { visitor, page } = await visit(t);
    await colour(page, "--recourse-accent", "#777777"); // shows the warning and a button to undo
    await page.click("[data-form=disputes]");
    await page.keyboard.press("Escape");
    for (const width of [1280, 320]) {
      await page.setViewport({ width, height: 800 });
      await settled(page);
      if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
      // What a shop's colours do to its buttons is what the page warns of.
      const { violations } = await page.evaluate((runOnly) => window.axe.run({ exclude: [["recourse-widget"], [".sample"]] }, { runOnly, resultTypes: ["violations"] }), rules);
      assert.deepEqual(violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id} at ${node.target}: ${node.failureSummary}`)), []);
      assert.deepEqual(await page.evaluate(() => [document.scrollingElement].filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.scrollWidth)), [], `at ${width} pixels`);
    }
    assert.deepEqual(visitor.seen.requests.filter((url) => url.startsWith("http") && new URL(url).origin !== program.origin), []);
    assert.deepEqual(await visitor.seen.violations(), []);
  });
});

const text = (page, id) => page.$eval("#" + id, (element) => element.textContent);

const pick = (page, name, value) => page.select(`[name=${name}]`, value);

// Colours and sliders have no typing of their own in the drivers; the events are those a person causes.
const colour = (page, name, value) => page.$eval(`[name="${name}"]`, (input, value) => {
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}, value);
const slide = colour;

// seen runs in the page: whether the open dialog has one thing and has not another.
const seen = ({ has, not }) => {
  const dialog = document.querySelector("recourse-widget").shadowRoot.querySelector("dialog[open]");
  return Boolean(dialog?.querySelector(has) && !(not && dialog.querySelector(not)));
};
