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
});
