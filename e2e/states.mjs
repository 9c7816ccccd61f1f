// Every state a visitor or a trader can see. Accessibility, narrow screens and screenshots go through these same
// walks: a state nobody listed is a state nobody checked. Each walk calls look(name) where there is something new to see.
import { randomUUID } from "node:crypto";
import { until } from "./harness.mjs";
import { openInbox } from "./inbox.mjs";
import { complaint, labels, onHeading, openByKeyboard, pressButton, withdrawal } from "./journeys.mjs";

// The acknowledgements to one address are few, so everybody has their own.
let sent = 0;
const somebody = () => `visitor${++sent}.${process.pid}@example.com`;

const onProblems = (visitor) => until("the summary of problems", async () => (await visitor.focus())[0]?.role === "group");

const enterWithdrawal = async (visitor) => {
  await visitor.fill(labels.name, "Ada Müller");
  await visitor.fill(labels.contract, "4711");
  await visitor.fill(labels.email, somebody());
};

const enterComplaint = async (visitor) => {
  await visitor.fill(labels.name, "Ada Müller");
  await visitor.fill(labels.email, somebody());
  await visitor.fill(labels.product, "Bracelet “Baltic”");
};

const enterReason = async (visitor) => {
  await visitor.choose(labels.reason, "Defective or stopped working");
  await visitor.fill(labels.description, "The clasp broke when I put the bracelet on for the first time.\nI wrote on Monday and had no answer.");
  await visitor.choose(labels.remedy, "Repair");
};

export const withdrawalDialog = async (visitor, program, look) => {
  await visitor.goto(program.origin + "/");
  await visitor.sees("link", withdrawal.link);
  await look("demo");
  await openByKeyboard(visitor, withdrawal);
  await look("withdrawal-form");
  await pressButton(visitor, "Continue");
  await onProblems(visitor);
  await look("withdrawal-errors");
  await enterWithdrawal(visitor);
  await visitor.press("Escape");
  await openByKeyboard(visitor, withdrawal);
  await look("withdrawal-kept");
  await pressButton(visitor, "Continue");
  await onHeading(visitor, withdrawal.review);
  await look("withdrawal-review");
  await pressButton(visitor, withdrawal.send);
  await onHeading(visitor, withdrawal.received);
  await look("withdrawal-receipt");
};

export const complaintDialog = async (visitor, program, look) => {
  await visitor.goto(program.origin + "/");
  await openByKeyboard(visitor, complaint);
  await look("complaint-form");
  await pressButton(visitor, "Continue");
  await onProblems(visitor);
  await look("complaint-errors");
  await enterComplaint(visitor);
  await pressButton(visitor, "Continue");
  await onHeading(visitor, "What happened");
  await look("complaint-page2");
  await pressButton(visitor, "Continue");
  await onProblems(visitor);
  await look("complaint-page2-errors");
  await enterReason(visitor);
  await pressButton(visitor, "Continue");
  await onHeading(visitor, complaint.review);
  await look("complaint-review");
  await program.kill();
  await pressButton(visitor, complaint.send);
  await visitor.reads("Your statement could not be sent.");
  await look("complaint-failed");
  await program.run();
  await pressButton(visitor, complaint.send);
  await onHeading(visitor, complaint.received);
  await look("complaint-receipt");
};

export const disputeNotice = async (visitor, program, look) => {
  await visitor.goto(program.origin + "/");
  await visitor.click("link", "Dispute resolution");
  await visitor.sees("dialog", /./);
  await look("disputes-dialog");
};

// policyPages are all pages of one locale.
export const policyPages = async (visitor, program, look, locale) => {
  for (const page of ["", "withdrawal/", "returns/", "guarantee/", "complaints/", "disputes/", "privacy/", "overview/"]) {
    await visitor.goto(program.base + locale + "/" + page);
    await look(`${locale}-${page.slice(0, -1) || "index"}`);
  }
};

// plainForms are the pages the server answers with where no script runs.
export const plainForms = async (visitor, program, look) => {
  await visitor.goto(program.base + "en-DE/complaints/");
  await submit(visitor, "Continue");
  await look("plain-complaint-errors");
  await enterComplaint(visitor);
  await enterReason(visitor);
  await submit(visitor, "Continue");
  await look("plain-complaint-review");
  await submit(visitor, complaint.send);
  await look("plain-complaint-receipt");
  await visitor.leaves(() => visitor.click("link", "See what happens with your case"));
  await look("status");
  await visitor.goto(program.base + "en-DE/withdrawal/");
  await look("plain-form");
  await submit(visitor, "Continue");
  await look("plain-withdrawal-errors");
  await enterWithdrawal(visitor);
  await submit(visitor, "Continue");
  await look("plain-withdrawal-review");
  await submit(visitor, withdrawal.send);
  await look("plain-withdrawal-receipt");
  await visitor.goto(program.base + "receipts/nothing-here");
  await look("not-found");
};

const submit = (visitor, name) => visitor.leaves(() => pressButton(visitor, name));

// inbox is the trader's side, in German as the demo shop's trader is.
export const inbox = async (visitor, program, look) => {
  await program.declare({ name: "Jan Kowalski", contract: "4711", email: somebody(), locale: "pl-PL" });
  await program.declare({ form: "complaint", name: "Giulia Rossi", email: somebody(), locale: "it-IT", reason: "late", description: "Il pacco è in ritardo." });
  await program.declare({ name: "Ada Müller", contract: "der Anhänger „Tropfen“ vom 3. November", email: somebody(), received_on: "2026-11-09" });
  await visitor.goto(program.base + "inbox/");
  await look("inbox-login");
  await visitor.tabTo("textbox", "Benutzername");
  await visitor.type("owner");
  await visitor.tabTo("textbox", "Passwort");
  await visitor.type("wrong");
  await visitor.leaves(() => visitor.press("Enter"));
  await look("inbox-login-error");
  await visitor.tabTo("textbox", "Passwort");
  await visitor.type(await program.password());
  await visitor.leaves(() => visitor.press("Enter"));
  await look("inbox");
  const first = (await visitor.look("link", /^[0-9A-Z]{4}-/))[0];
  await visitor.leaves(() => visitor.click("link", first.name));
  await look("case");
  await visitor.leaves(() => pressButton(visitor, "Antwort senden"));
  await look("case-errors");
  await visitor.fill("Ihre Antwort", "Sehr geehrte Frau Müller, wir erstatten den Kaufpreis heute.");
  await visitor.leaves(() => pressButton(visitor, "Antwort senden"));
  await look("case-answered");
  await visitor.choose("Vorlage", "Wir reparieren");
  await visitor.fill("Ihre Notiz", "Das Lager fragen.");
  await visitor.leaves(() => pressButton(visitor, "Vorlage einfügen"));
  await look("case-template");
  await visitor.fill("Ihre Antwort", "Wir reparieren bis Freitag.");
  await visitor.leaves(() => pressButton(visitor, "Notiz speichern"));
  await visitor.choose("Was Sie vorschlagen", "Reparatur");
  await visitor.fill("Der Vorschlag im Einzelnen", "Wir erstatten alles bis Freitag.");
  await visitor.leaves(() => pressButton(visitor, "Vorschlag senden"));
  await look("case-proposed");
  await visitor.choose("Stand", "Abgeschlossen");
  await visitor.choose(/^Ergebnis/, "Abgelehnt");
  await visitor.leaves(() => pressButton(visitor, "Stand speichern"));
  await look("case-closed");
  await program.declare({ form: "complaint", name: "http://spam.example", email: somebody(), reason: "other", description: "[url=http://spam.example]x[/url]" });
  await visitor.goto(program.base + "inbox/?show=quarantine");
  await look("inbox-quarantine");
  await visitor.goto(program.base + "inbox/?q=nobody&due=week");
  await look("inbox-nothing");
};

// people is where owners manage the people of the inbox, and everybody the own account.
export const people = async (visitor, program, look) => {
  await visitor.goto(program.base + "inbox/");
  await visitor.tabTo("textbox", "Passwort"); // the only user there is stands there already
  await visitor.type(await program.password());
  await visitor.leaves(() => visitor.press("Enter"));
  await visitor.leaves(() => visitor.click("link", "Personen"));
  await look("people");
  await visitor.leaves(() => pressButton(visitor, "Person hinzufügen"));
  await look("people-error");
  await visitor.fill("Benutzername", "eva");
  await visitor.fill("Name", "Eva Kowalska");
  await visitor.leaves(() => pressButton(visitor, "Person hinzufügen"));
  await look("people-added");
  await visitor.leaves(() => visitor.click("link", "eva"));
  await look("person");
  await visitor.leaves(() => visitor.click("link", "Diese Person entfernen"));
  await look("person-remove");
  await visitor.leaves(() => pressButton(visitor, "Person entfernen"));
  await visitor.leaves(() => visitor.click("link", "Mein Konto"));
  await look("account");
  await visitor.fill("Bisheriges Passwort", "wrong");
  await visitor.fill("Neues Passwort", "neun lange Wörter");
  await visitor.fill("Neues Passwort noch einmal", "neun lange Wörter");
  await visitor.leaves(() => pressButton(visitor, "Passwort ändern"));
  await look("account-error");
};

// statistics of a shop with some cases, of which a few are answered and closed.
export const statistics = async (visitor, program, look) => {
  const trader = await openInbox(program);
  const reasons = ["late", "late", "defective", "defective", "defective", "not-delivered", "wrong-item", "billing", "service"];
  for (const [i, reason] of reasons.entries()) {
    const { reference } = await program.declare({ form: "complaint", name: "Ada", email: somebody(), reason, description: "…", locale: i % 2 ? "de-DE" : "pl-PL" });
    if (i < 6) await trader.post(`cases/${reference}/answer`, { nonce: randomUUID(), answer: "Wir kümmern uns darum." });
    if (i < 4) await trader.post(`cases/${reference}/state`, { state: "closed", outcome: i ? "accepted" : "partly" });
  }
  for (let i = 0; i < 5; i++) await program.declare({ name: "Ada", contract: `47${i}`, email: somebody() });
  await visitor.goto(program.base + "inbox/");
  await visitor.tabTo("textbox", "Passwort");
  await visitor.type(await program.password());
  await visitor.leaves(() => visitor.press("Enter"));
  await visitor.goto(program.base + "inbox/statistics");
  await look("statistics");
};
