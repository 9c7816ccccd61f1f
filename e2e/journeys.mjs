// What visitors do with the forms, step by step, with the keyboard alone and in English.
import assert from "node:assert/strict";
import { until } from "./harness.mjs";

export const withdrawal = {
  link: "Withdraw from contract here",
  title: "Withdraw from a contract",
  review: "Check and confirm your withdrawal",
  send: "Confirm withdrawal",
  received: "Your withdrawal has been received",
};

export const complaint = {
  link: "Make a complaint",
  title: "Make a complaint",
  review: "Check and send your complaint",
  send: "Send complaint",
  received: "Your complaint has been received",
};

export const labels = {
  name: "Full name",
  email: "Email address",
  contract: "Order number or other details of the contract",
  items: "Items you want to withdraw from (optional)",
  received: "When did you receive the goods? (optional)",
  comment: "Anything else you want to say (optional)",
  product: "Product or service (optional)",
  reason: "What is the complaint about?",
  description: "What happened?",
  remedy: "What do you want to happen? (optional)",
  files: "Photos or documents (optional)",
};

export const reference = /\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3}\b/;

// A date with the month as a word, a time and its zone, as English receipts give them.
export const moment = /\b\d{1,2} (January|February|March|April|May|June|July|August|September|October|November|December) 20\d\d\b.{0,6}\b\d{2}:\d{2}\b.{0,4}\b(CES?T|UTC|GMT)/;

// openByKeyboard goes to a link of the row and presses Enter.
export const openByKeyboard = async (visitor, { link, title }) => {
  await visitor.tabTo("link", link);
  await visitor.press("Enter");
  await visitor.sees("dialog", title);
  await onHeading(visitor, title);
};

export const onHeading = (visitor, title) => until(`the focus on the heading ${title}`, async () => {
  const [now] = await visitor.focus();
  return now?.role === "heading" && now.name === title;
});

export const pressButton = async (visitor, name) => {
  await visitor.tabTo("button", name);
  await visitor.press("Enter");
};

// expectProblems asserts what a failed attempt must do: the summary has the focus, names each problem in the order of
// the fields, the same words stand at the field, and each link leads there.
export const expectProblems = async (visitor, problems) => {
  await until("the focus on the summary of problems", async () => (await visitor.focus())[0]?.name === "There is a problem");
  const links = (await visitor.look("link")).map((link) => link.name).filter((name) => problems.some(([message]) => message === name));
  assert.deepEqual(links, problems.map(([message]) => message), "the summary, in the order of the fields");
  for (const [message, role, name] of problems) {
    await visitor.tabTo("link", message);
    await visitor.press("Enter");
    const now = await until(`the focus on ${name} after its link`, async () => {
      const [focused] = await visitor.focus();
      return focused?.role === role && [focused.name, focused.group].includes(name) && focused;
    });
    assert.ok(await saysAtField(visitor, now, message), `${name} is described by "Error: ${message}"`);
  }
};

// Radio buttons and the boxes of a date are described by their fieldset.
const saysAtField = async (visitor, thing, message) => {
  const group = thing.group ? (await visitor.look("group", thing.group))[0] : null;
  return [...thing.describedBy, ...(group?.describedBy ?? [])].includes("Error: " + message);
};

// change presses the button at an answer of the review.
export const change = (visitor, label) => pressButton(visitor, "Change: " + label);

// valueOf gives what a text box holds.
export const valueOf = async (visitor, name, group = "") => (await visitor.look("textbox", name)).find((box) => box.group === group)?.value;

export const readReceipt = async (visitor, { received }) => {
  await visitor.sees("heading", received);
  const text = await visitor.text();
  assert.match(text, reference);
  assert.match(text.replace(/\s+/g, " "), moment);
  return { reference: reference.exec(text)[0], text };
};
