// The widget draws a form with createElement, the server prints it: the same questions, in the same order, for
// everybody who hears or fills them in.
import assert from "node:assert/strict";
import test from "node:test";
import { inBrowsers, thorough } from "./browsers.mjs";
import { hostPage, hostPages, shared, tag, until } from "./harness.mjs";

const forms = { withdrawal: "withdrawal", complaint: "complaints" };

inBrowsers("parity", (browser, name) => {
  // What is made of a definition has the same elements in both browsers, so that one language is enough in the second.
  for (const locale of thorough || name === "Chromium" ? ["en-DE", "de-AT", "pl-PL", "it-IT"] : ["it-IT"]) {
    for (const [form, page] of Object.entries(forms)) {
      test(`${form} in ${locale}`, async (t) => {
        const program = await shared(), visitor = await browser().visitor(t);
        await visitor.goto(`${program.base}${locale}/${page}/`);
        const printed = await questions(visitor.page);
        const [lang, country] = locale.split("-");
        await visitor.goto(await hostPages(t, { "/": hostPage(tag(program, `country="${country}"`), { lang }) }) + "/");
        const link = await until("the row", async () => (await visitor.look("link")).find((one) => one.href.endsWith(`/${locale}/${page}/`)));
        await visitor.click("link", link.name);
        const drawn = await drawnQuestions(visitor);
        assert.ok(printed.length >= 6, `the page has ${printed.length} questions`);
        assert.deepEqual(lines(drawn.filter(isAlike)), lines(printed.filter(isAlike)));
        assert.deepEqual(drawn.filter((one) => !isAlike(one)).map((one) => one.legend), printed.filter((one) => !isAlike(one)).flatMap((one) => [one.label, one.label]));
      });
    }
  }

  test("an empty form gets the same messages from page and widget", async (t) => {
    const program = await shared(), visitor = await browser().visitor(t);
    await visitor.goto(program.base + "de-DE/withdrawal/");
    await visitor.leaves(() => submit(visitor.page));
    const printed = await questions(visitor.page);
    await visitor.goto(await hostPages(t, { "/": hostPage(tag(program), { lang: "de" }) }) + "/");
    await visitor.click("link", "Vertrag widerrufen");
    await drawnQuestions(visitor);
    await visitor.click("button", "Weiter");
    await visitor.sees("group", "Etwas fehlt noch oder stimmt nicht");
    assert.deepEqual(lines((await questions(visitor.page)).filter(isAlike)), lines(printed.filter(isAlike)));
    assert.equal(printed.filter((one) => one.invalid).length, 3);
  });
});

// Items are a text area on the page. With a script it is a choice, whole or some, which leads to rows.
const isAlike = (question) => !question.name.startsWith("items");

const lines = (questions) => questions.map((one) => JSON.stringify(one));

// drawnQuestions collects the pages of a form in the dialog. Between them only required answers are filled in.
const drawnQuestions = async (visitor) => {
  await visitor.find("textbox");
  const first = await questions(visitor.page);
  if (!first.some((one) => one.name === "product")) return first;
  for (const [field, value] of [["name", "Ola"], ["email", "ola@example.com"]]) {
    await visitor.fill((await visitor.look("textbox")).find((one) => one.field === field).name, value);
  }
  await visitor.press("Enter");
  const second = await until("the second page", async () => {
    const now = await questions(visitor.page);
    return now.some((one) => one.name === "description") && now;
  });
  return [...first, ...second.filter((one) => !one.hidden)]; // each page has a trap for programs
};

const submit = (page) => page.evaluate(() => document.querySelector("button[value=review]").click());

// questions are the inputs people see, with everything that says what they are for.
const questions = (page) => page.evaluate(() => {
  const all = (root) => [...root.querySelectorAll("*")].flatMap((e) => (e.shadowRoot ? [e, ...all(e.shadowRoot)] : [e]));
  const flat = (node) => (node?.textContent ?? "").replace(/\s+/g, " ").trim();
  const within = all(document).find((e) => e.matches("dialog:modal")) ?? document.querySelector("main");
  const texts = (e) => (e.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean).map((id) => flat(e.getRootNode().getElementById(id)));
  return [...within.querySelectorAll("form.rc-form input:not([type=hidden]), form.rc-form textarea, form.rc-form select")].map((e) => {
    const group = e.closest("fieldset");
    return {
      name: e.name, type: e.type, id: e.id, label: flat(e.labels[0]), value: e.type === "radio" ? e.value : undefined,
      legend: flat(group?.querySelector("legend")), describedBy: [...texts(e), ...(group ? texts(group) : [])],
      invalid: e.getAttribute("aria-invalid") === "true", hidden: !!e.closest("[aria-hidden=true]"),
      attributes: ["autocomplete", "inputmode", "spellcheck", "autocapitalize", "dir", "rows", "multiple", "accept", "tabindex", "class", "maxlength", "required"]
        .filter((name) => e.hasAttribute(name)).map((name) => `${name}=${e.getAttribute(name)}`),
    };
  });
});
