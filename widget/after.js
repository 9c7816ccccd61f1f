// What comes after the first key: hints at the fields, their problems, the review, sending and the receipt. It is a file
// of its own, so that the form is there sooner and those who only look load less. The functions take the flow.
import { ask, problemsOf } from "./asking.js";
import { element, fill, press } from "./element.js";
import { count, hint } from "./hints.js";
import { discard, forget, keep, keepLine } from "./keep.js";
import { inputOf, showProblems } from "./problems.js";
import { print, receipt, save, statement } from "./receipt.js";
import { drawReview } from "./review.js";
import { named, send as post } from "./send.js";

export { drawFiles } from "./files.js";
export { drawItems } from "./items.js";
export { keepLine };

// greet tells somebody who comes back that nothing is lost.
export const greet = (flow) => {
  const { d: { words }, draft, dialog } = flow;
  if (draft.receipt) return;
  if (draft.unsent) return fail(flow, "close-sending");
  dialog.content.prepend(element("div.rc-note", null, element("p", null, words.kept),
    press("rc-link", words["delete-draft"], () => discard(flow))));
  keepLine(flow);
};

// typed is called for every key.
export const typed = (flow, input) => {
  const field = fieldOf(flow, input);
  if (field?.type === "text") count(flow, field, input);
  keep(flow);
  keepLine(flow);
};

// A message that goes away while a button is pressed would take the button from under the pointer, and the press
// would be lost. So messages wait until the pointer is released, and what it has pressed has heard of it.
let pressed, release;
addEventListener("pointerdown", () => (pressed = new Promise((done) => (release = done))), true);
for (const type of ["pointerup", "pointercancel"]) addEventListener(type, () => setTimeout(() => release?.()), true);

// changed looks again at a field that is shown with a problem, so that the message goes or gets better as soon as
// it may. Other fields are left alone until they are sent.
export const changed = async (flow, input) => {
  const field = fieldOf(flow, input), { problems } = flow;
  await pressed;
  if (!field) return;
  hint(flow, field, input);
  if (flow.problems !== problems || !problems.some((problem) => problem.field === field.name)) return; // or what was pressed has looked
  const found = ask(flow, [field]);
  if (found) complain(flow, problems.flatMap((problem) => (problem.field === field.name ? found : [problem])), true);
};

const fieldOf = ({ d }, { name }) => d.pages.flatMap(({ fields }) => fields).find((field) => field.name === name.split("-")[0]);

export const forward = async (flow, step) => {
  const problems = await problemsOf(flow, flow.d.pages[step].fields);
  flow.dialog.say();
  complain(flow, problems);
  if (!problems.length) flow.go(flow.draft.reviewed ? flow.d.pages.length : step + 1);
};

// complain shows problems, and leads to them unless the visitor is busy mending one.
export const complain = (flow, problems, busy) => {
  const { d, dialog } = flow;
  flow.problems = problems;
  const summary = showProblems(dialog.content, d, problems);
  dialog.title(d.text.title, summary && fill(d.text["error-title"], { title: d.text.title }));
  if (summary && !busy) summary.focus();
};

export const review = (flow) => {
  const { d, draft, dialog } = flow;
  draft.reviewed = true;
  named(draft); // before it is sent for the first time, so that a reload does not make two of it
  keep(flow);
  dialog.foot.replaceChildren(); // here one confirms or goes back, nothing else
  dialog.view(d.text["review.title"], [
    element("p.rc-intro", null, d.text["review.intro"]),
    drawReview(flow, {
      // From a change the way leads straight to the review again. What is on its way cannot be changed.
      change(step, field) {
        if (flow.busy) return;
        flow.go(step);
        inputOf(dialog.content, field).focus();
      },
      back: () => flow.busy || flow.go(d.pages.length - 1),
      send: () => send(flow),
    }),
  ]);
  if (draft.sending) send(flow); // the dialog was closed and opened again meanwhile
};

const send = async (flow) => {
  if (flow.busy) return;
  const { d, draft, dialog } = flow, { words } = d;
  flow.busy = true;
  const bar = element("progress.rc-progress", { "aria-label": words.sending, max: 1 });
  let told = 0;
  dialog.say(words.sending);
  const late = setTimeout(() => dialog.say(words.late), 8000);
  draft.sending ||= post(flow, {
    again: () => dialog.say(words.retrying),
    progress(share) {
      bar.value = share;
      if (!bar.isConnected) dialog.status.before(bar);
      if (share >= told) dialog.say(fill(words.progress, { n: Math.round(share * 100) }));
      if (share >= told) told += 0.25; // who listens hears four steps
    },
  });
  const { receipt, problems, failed } = await draft.sending;
  draft.sending = null;
  clearTimeout(late);
  bar.remove();
  flow.busy = false;
  dialog.say();
  if (receipt) sent(flow, receipt);
  else if (problems) refused(flow, problems);
  else fail(flow, failed);
  draft.unsent = !receipt && !dialog.node.open; // told when the form is opened again
};

const sent = (flow, answer) => {
  if (!flow.draft.receipt) flow.dialog.announce("submit");
  flow.draft.receipt = answer;
  forget(flow);
  receive(flow);
};

// refused leads to the page with the first problem the server has found.
const refused = (flow, problems) => {
  const names = problems.map((problem) => problem.field);
  const step = flow.d.pages.findIndex(({ fields }) => fields.some((field) => names.includes(field.name)));
  if (step < 0) return fail(flow, "failed"); // a problem of a field that is not in this form
  flow.problems = problems;
  flow.go(step);
};

// fail leaves everything as it is, says so and offers the way by mail.
const fail = (flow, why) => {
  flow.draft.unsent = false;
  const { d, draft, dialog } = flow, { words } = d, text = statement(d, draft);
  const area = element("textarea.rc-input", { id: "rc-statement", readonly: true, rows: 6, dir: "auto" });
  area.value = text;
  const box = element("div.rc-problems", { role: "group", tabindex: -1, "aria-labelledby": "rc-failed" },
    element("p", { id: "rc-failed" }, words[why]),
    element("label.rc-label", { for: "rc-statement" }, words.statement), area,
    element("p.rc-actions", null,
      press("rc-link", words.copy, () => copy(area, () => dialog.say(words.copied))),
      element("a", { href: "mailto:" + d.mail + "?" + mailFields(d.text.title, text) }, words.write)));
  dialog.content.querySelector(".rc-problems")?.remove();
  dialog.content.prepend(box);
  box.focus();
};

const mailFields = (subject, body) => "subject=" + encodeURIComponent(subject) + "&body=" + encodeURIComponent(body.replace(/\n/g, "\r\n"));

// The clipboard is there on https pages only; elsewhere the text is at least selected.
const copy = (area, done) => {
  area.select();
  navigator.clipboard?.writeText(area.value).then(done, () => {});
};

// receive shows the receipt.
export const receive = (flow) => {
  const { d, draft, dialog } = flow, { words } = d, title = words.received;
  const view = receipt(d, draft, [
    press("rc-button", words.save, () => save(title, view, draft.receipt)),
    press("rc-button rc-second", words.print, () => print(title, view)),
  ]);
  dialog.foot.replaceChildren();
  dialog.view(title, [view, element("p.rc-actions", null, press("rc-link", words.another, () => flow.restart()))]);
};
