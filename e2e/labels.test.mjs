// The two buttons of the withdrawal function carry the words of the law, letter for letter.
import assert from "node:assert/strict";
import test from "node:test";
import { inBrowsers, thorough } from "./browsers.mjs";
import { hostPage, hostPages, shared, tag, until } from "./harness.mjs";

// The words of Article 11a(1) and (3) of Directive 2011/83/EU as published, per language. Never translated by hand.
const official = {
  en: ["Withdraw from contract here", "Confirm withdrawal"],
  de: ["Vertrag widerrufen", "Widerruf bestätigen"],
  pl: ["Odstąp od umowy tutaj", "Potwierdź odstąpienie od umowy"],
  it: ["Recedere dal contratto qui", "Conferma recesso"],
};

inBrowsers("official labels", (browser, name) => {
  // Words are what they are in both browsers, so that one language is enough in the second.
  for (const [lang, [withdraw, confirm]] of Object.entries(official).filter(([lang]) => thorough || name === "Chromium" || lang === "pl")) {
    test(`${lang}: "${withdraw}" and "${confirm}", letter for letter`, async (t) => {
      const program = await shared(), visitor = await browser().visitor(t);
      const country = { en: "DE", de: "DE", pl: "PL", it: "IT" }[lang];
      await visitor.goto(await hostPages(t, { "/": hostPage(tag(program, `country="${country}"`), { lang }) }) + "/");
      const link = await until("the row", async () => (await visitor.look("link")).find((one) => one.href.endsWith("/withdrawal/")));
      assert.equal(link.name, withdraw);
      await visitor.click("link", withdraw);
      await visitor.find("textbox", undefined);
      for (const [field, value] of [["name", "Ola"], ["contract", "4711"], ["email", "ola@example.com"]]) {
        const box = (await visitor.look("textbox")).find((one) => one.field === field);
        await visitor.fill(box.name, value);
      }
      await visitor.press("Enter"); // in a text box: the only submit button, whatever its language
      await until("the review", async () => (await visitor.look("button")).some((one) => one.name === confirm));
    });
  }
});
