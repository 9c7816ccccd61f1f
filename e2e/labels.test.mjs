// The two buttons of the withdrawal function carry the words of the law, letter for letter.
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { inBrowsers } from "./browsers.mjs";
import { hostPage, hostPages, start, tag, until } from "./harness.mjs";

let program; // for all tests here, since none sends
before(async () => { program = await start(); });
after(() => program?.stop());

// The words of Article 11a(1) and (3) of Directive 2011/83/EU as published, per language. Never translated by hand.
const official = {
  en: ["Withdraw from contract here", "Confirm withdrawal"],
  de: ["Vertrag widerrufen", "Widerruf bestätigen"],
  pl: ["Odstąp od umowy tutaj", "Potwierdź odstąpienie od umowy"],
  it: ["Recedere dal contratto qui", "Conferma recesso"],
};

inBrowsers("official labels", (browser) => {
  for (const [lang, [withdraw, confirm]] of Object.entries(official)) {
    test(`${lang}: "${withdraw}" and "${confirm}", letter for letter`, async (t) => {
      const visitor = await browser().visitor(t);
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
