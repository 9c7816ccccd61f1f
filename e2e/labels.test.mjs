// The two buttons of the withdrawal function carry the words of the law, letter for letter.
import assert from "node:assert/strict";
import test, { after } from "node:test";
import { inBrowsers, thorough } from "./browsers.mjs";
import { hostPage, hostPages, startShop, tag, until } from "./harness.mjs";

// The words of Article 11a(1) and (3) of Directive 2011/83/EU as published, per language. Never translated by hand.
const official = { // words of the first button, of the second, a country
  bg: ["Откажете се от договора тук", "Потвърждавам отказа", "BG"],
  cs: ["Zde odstoupit od smlouvy", "Potvrdit odstoupení od smlouvy", "DE"],
  da: ["Fortryd aftale", "Bekræft fortrydelse", "DK"],
  de: ["Vertrag widerrufen", "Widerruf bestätigen", "DE"],
  el: ["Πατήστε εδώ για υπαναχώρηση", "Επιβεβαίωση υπαναχώρησης", "GR"],
  en: ["Withdraw from contract here", "Confirm withdrawal", "DE"],
  es: ["Desistir del contrato aquí", "Confirmar desistimiento", "ES"],
  et: ["Taganen lepingust", "Kinnitan taganemise", "EE"],
  fi: ["Peruuta sopimus tästä", "Vahvista peruuttaminen", "FI"],
  fr: ["Renoncer au contrat ici", "Confirmer la rétractation", "FR"],
  ga: ["Tarraing siar ón gconradh anseo", "Dearbhaigh an tarraingt siar", "IE"],
  hr: ["Odustati od ugovora", "Potvrditi odustajanje", "HR"],
  hu: ["Elállás a szerződéstől", "Elállás megerősítése", "HU"],
  it: ["Recedere dal contratto qui", "Conferma recesso", "IT"],
  lt: ["Atsisakyti sutarties čia", "Patvirtinti sutarties atsisakymą", "LT"],
  lv: ["Atteikties no līguma", "Apstiprināt atteikumu", "LV"],
  mt: ["Irtira mill-kuntratt hawnhekk", "Ikkonferma r-reċess", "MT"],
  nl: ["Hier de overeenkomst herroepen", "Herroeping bevestigen", "NL"],
  pl: ["Odstąp od umowy tutaj", "Potwierdź odstąpienie od umowy", "PL"],
  pt: ["Retrate-se do contrato aqui", "Confirmar retratação", "PT"],
  ro: ["Retrageți-vă din contract aici", "Confirmați retragerea", "RO"],
  sk: ["Odstúpiť od zmluvy tu", "Potvrdiť odstúpenie od zmluvy", "SK"],
  sl: ["Kliknite tukaj za odstop od pogodbe", "Potrdi odstop od pogodbe", "SI"],
  sv: ["Ångra avtalet här", "Bekräfta frånträde", "SE"],
};

const places = { name: "#rc-name", contract: "#rc-contract", email: "#rc-email" };

inBrowsers("official labels", (browser, name) => {
  // Words are what they are in both browsers, so that one language is enough in the second.
  for (const [lang, [withdraw, confirm, country]] of Object.entries(official).filter(([lang]) => thorough || name === "Chromium" || lang === "pl")) {
    test(`${lang}: "${withdraw}" and "${confirm}", letter for letter`, async (t) => {
      const program = await everywhere(), visitor = await browser().visitor(t);
      await visitor.goto(await hostPages(t, { "/": hostPage(tag(program, `country="${country}"`), { lang }) }) + "/");
      const link = await until("the row", async () => (await visitor.look("link")).find((one) => one.href.endsWith("/withdrawal/")));
      assert.equal(link.name, withdraw);
      await visitor.click("link", withdraw);
      for (const [field, value] of Object.entries({ name: "Ola", contract: "4711", email: "ola@example.com" })) {
        const box = await until(field, () => visitor.page.$(">>> " + places[field]));
        await box.type(value);
      }
      await visitor.press("Enter"); // in a text box: the only submit button, whatever its language
      await until("the review", async () => (await visitor.look("button")).some((one) => one.name === confirm));

      const page = await (await fetch(`${program.base}${lang}-${country}/withdrawal/`)).text();
      assert.ok(page.includes(`<strong>${withdraw}</strong>`) && page.includes(`<strong>${confirm}</strong>`), "the built page names both buttons");
    });
  }
});

let program;
const everywhere = () => (program ??= startShop(undefined, "everywhere"));
after(async () => (await program)?.stop());
