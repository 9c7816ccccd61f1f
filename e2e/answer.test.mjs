// The trader's side: log in, read, answer, close; and what the customer sees of it.
import assert from "node:assert/strict";
import test from "node:test";
import { inBrowsers } from "./browsers.mjs";
import { start, until } from "./harness.mjs";
import { pressButton } from "./journeys.mjs";

inBrowsers("the trader", (browser) => {
  test("answers and closes a case, and the customer reads it", async (t) => {
    const program = await start(t), trader = await browser().visitor(t), customer = await browser().visitor(t);
    const { reference, status_url } = await program.declare({
      form: "complaint", locale: "en-PL", name: "Ola <b>Nowak</b>", email: "ola@example.com", reason: "late", description: "Where is my parcel?\n<script>alert(1)</script>",
    });

    await trader.page.bringToFront(); // keys go to the page in front
    await trader.goto(program.base + "inbox/");
    await trader.seesNo("link", reference); // not before the log-in
    await trader.fill("Passwort", await program.password());
    await trader.leaves(() => trader.press("Enter"));
    await trader.tabTo("link", reference);
    await trader.leaves(() => trader.press("Enter"));
    await trader.reads("Ola <b>Nowak</b>");
    await trader.reads("<script>alert(1)</script>");
    await trader.fill("Ihre Antwort", "It left Rostock today.\nSorry & thank you.");
    await trader.leaves(() => pressButton(trader, "Antwort senden"));
    await trader.reads("Ihre Antwort wurde gespeichert.");
    await trader.calm();

    await customer.goto(status_url);
    await customer.sees("heading", "Your case " + reference);
    await customer.reads("It left Rostock today.\nSorry & thank you.");
    await customer.reads("Answered");
    const answer = await until("the answer by mail", async () => (await program.mails("ola@example.com")).find((mail) => mail.text.includes("It left Rostock today.")));
    assert.equal(answer.headers.subject, `Answer to your case ${reference}`);
    assert.ok(!answer.html.includes("<script"), "what a customer wrote is never markup");

    await trader.page.bringToFront();
    await trader.choose("Stand", "Abgeschlossen");
    await trader.leaves(() => pressButton(trader, "Stand speichern"));
    await trader.sees("group", /./); // a closed case needs an outcome
    await trader.choose("Stand", "Abgeschlossen");
    await trader.choose(/^Ergebnis/, "Anerkannt");
    await trader.leaves(() => pressButton(trader, "Stand speichern"));
    await customer.goto(status_url);
    await customer.reads("Closed");
    await customer.reads("Accepted");
    await customer.calm();

    await trader.page.bringToFront();
    await trader.leaves(() => pressButton(trader, "Abmelden"));
    await trader.goto(program.base + "inbox/");
    await trader.seesNo("link", reference);
  });

  test("who is slower is warned and loses nothing; a proposal is accepted with one press", async (t) => {
    const program = await start(t), customer = await browser().visitor(t), people = [await browser().visitor(t), await browser().visitor(t)];
    const { reference, status_url } = await program.declare({
      form: "complaint", locale: "en-DE", name: "Ola Nowak", email: "ola@example.com", reason: "defective", description: "It does not work.",
    });
    for (const one of people) {
      await one.page.bringToFront();
      await logIn(one, program);
      await one.goto(program.base + "inbox/cases/" + reference);
    }
    const [quick, slow] = people;
    await quick.page.bringToFront();
    await quick.choose("Was Sie vorschlagen", "Reparatur");
    await quick.fill("Der Vorschlag im Einzelnen", "All of it, today.");
    await quick.fill("Ihre Antwort", "Half an ans");
    await quick.leaves(() => pressButton(quick, "Vorschlag senden"));
    await quick.reads("Ihr Vorschlag wurde gespeichert.");
    assert.equal(await typed(quick), "Half an ans", "the answer that was not sent is still there");

    await slow.page.bringToFront();
    await slow.fill("Ihre Antwort", "We look into it.");
    await slow.leaves(() => pressButton(slow, "Antwort senden"));
    await slow.reads("Der Vorgang hat sich geändert, während Sie geschrieben haben");
    await slow.reads("All of it, today.");
    assert.equal(await typed(slow), "We look into it.");
    await slow.leaves(() => pressButton(slow, "Antwort senden"));
    await slow.reads("Ihre Antwort wurde gespeichert.");

    const mail = await until("the proposal by mail", async () => (await program.mails("ola@example.com")).find((one) => one.text.includes("All of it, today.")));
    await customer.page.bringToFront();
    await customer.goto(/\S+\/status\/\S+/.exec(mail.text)[0]);
    await customer.leaves(() => pressButton(customer, "Accept this proposal"));
    await slow.page.bringToFront();
    await slow.goto(program.base + "inbox/cases/" + reference);
    await slow.reads("Vorschlag angenommen: Reparatur");
    await until("the notice to the trader", async () => (await program.mails("service@bernstein.example")).find((one) => one.headers.subject.includes(`Vorschlag angenommen: ${reference}`)));
    await customer.goto(status_url);
    await customer.calm();
    await quick.calm(); // the other console tells of the warning
  });
});

const typed = (visitor) => visitor.page.$eval("#answer", (field) => field.value);

const logIn = async (visitor, program) => {
  await visitor.goto(program.base + "inbox/");
  await visitor.fill("Benutzername", "owner");
  await visitor.fill("Passwort", await program.password());
  await visitor.leaves(() => visitor.press("Enter"));
};
