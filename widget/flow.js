import { Dialog } from "./dialog.js";
import { element, fill } from "./element.js";
import { drawPage, drawReview, inputOf, showProblems } from "./draw.js";
import { print, receipt, save, statement } from "./receipt.js";
import { Rules } from "./rules.js";
import { check, send } from "./send.js";

// What was entered, by form. It lives as long as the page, so that closing the dialog, a shop page drawn anew or
// another language loses nothing; nothing is stored on the device.
const drafts = new Map();

// draftOf starts with what the shop knows of its customer and what the other form has asked already: nobody has to
// say it twice.
const draftOf = (widget, form) => {
  if (!drafts.has(form)) drafts.set(form, { values: {}, files: [], step: 0, id: "" });
  const { values } = drafts.get(form);
  for (const [field, attribute] of Object.entries({ name: "name", email: "email", contract: "order" })) {
    values[field] ||= widget.getAttribute(attribute) || [...drafts.values()].map((other) => other.values[field]).find(Boolean);
  }
  return drafts.get(form);
};

// Flow leads from the pages of a form over the review to the receipt. Steps count from 0; the review is the one
// after the last page.
export class Flow {
  constructor(widget, form, definition) {
    this.widget = widget;
    this.form = form;
    this.d = definition;
    this.problems = [];
    this.rules = new Rules(definition);
    this.dialog = new Dialog(widget, form, definition);
  }

  open() {
    this.draft = draftOf(this.widget, this.form);
    if (this.draft.receipt) this.receipt();
    else this.go(this.draft.step);
    if (this.draft.touched && !this.draft.receipt) this.dialog.content.prepend(this.keptNote());
    this.dialog.open();
  }

  keptNote() {
    const { words } = this.d;
    return element("div.rc-note", null, element("p", null, words.kept),
      press(words["delete-draft"], () => {
        drafts.clear(); // the other form would give the name and the address back
        this.restart();
        this.dialog.say(words["draft-deleted"]);
      }, "rc-link"));
  }

  restart() {
    drafts.delete(this.form);
    this.draft = draftOf(this.widget, this.form);
    this.problems = [];
    this.go(0);
  }

  go(step) {
    this.draft.step = step;
    if (step < this.d.pages.length) this.ask(step);
    else this.review();
  }

  // ask shows a page of the form.
  ask(step) {
    const { d, draft, dialog } = this;
    const page = drawPage(d, step, draft, {
      changed: (field) => this.changed(field),
      forward: () => this.forward(step),
      back: step > 0 && (() => this.go(step - 1)),
    });
    const intro = !step && element("p.rc-intro", null, d.text.intro);
    // Where the shop's own scripts get in the way of typing, the page of its own is the way out.
    const alone = !step && element("p.rc-privacy", null, element("a", { href: d.page, target: "_blank", rel: "noopener" }, d.words.page));
    dialog.view(d.text.title, [intro, page, alone], step > 0 && page.querySelector(".rc-group"));
    const here = d.pages[step].fields.map((field) => field.name);
    const found = this.problems.filter((problem) => here.includes(problem.field));
    if (found.length) this.complain(found);
  }

  // changed looks again at a field that is shown with a problem, so that the message goes or gets better as soon as
  // it may. Other fields are left alone until they are sent.
  changed(field) {
    if (!this.problems.some((problem) => problem.field === field?.name)) return;
    const found = this.rules.check([field], this.draft);
    if (found) this.complain(this.problems.flatMap((problem) => (problem.field === field.name ? found : [problem])), true);
  }

  async forward(step) {
    if (this.busy) return;
    this.busy = true;
    const problems = await this.problemsOf(this.d.pages[step].fields);
    this.busy = false;
    this.complain(problems);
    if (!problems.length) this.go(this.draft.reviewed ? this.d.pages.length : step + 1);
  }

  // problemsOf asks the rules, and without them the server, which knows the same rules and the same words.
  async problemsOf(fields) {
    await this.rules.soon();
    const names = fields.map((field) => field.name);
    return this.rules.check(fields, this.draft) || (await check(this.d, this.draft)).filter((problem) => names.includes(problem.field));
  }

  // complain shows problems, and leads to them unless the visitor is busy mending one.
  complain(problems, busy) {
    const { d, dialog } = this;
    this.problems = problems;
    const summary = showProblems(dialog.content, d, problems);
    dialog.title(d.text.title, summary && fill(d.text["error-title"], { title: d.text.title }));
    if (summary && !busy) summary.focus();
  }

  review() {
    const { d, draft, dialog } = this;
    draft.reviewed = true;
    dialog.view(d.text["review.title"], [
      element("p.rc-intro", null, d.text["review.intro"]),
      drawReview(d, draft, {
        change: (step, field) => this.change(step, field),
        back: () => this.go(d.pages.length - 1),
        send: () => this.send(),
      }),
    ]);
  }

  // change goes back to one answer; from there the way leads straight to the review again.
  change(step, field) {
    this.go(step);
    inputOf(this.dialog.content, field).focus();
  }

  async send() {
    if (this.busy) return;
    const { d, draft, dialog } = this;
    this.busy = true;
    dialog.say(d.words.sending);
    const late = setTimeout(() => dialog.say(d.words.late), 8000);
    const { receipt, problems, failed } = await send(d, draft);
    clearTimeout(late);
    this.busy = false;
    dialog.say("");
    if (receipt) this.sent(receipt);
    else if (problems) this.refused(problems);
    else this.failed(failed);
  }

  sent(receipt) {
    this.draft.receipt = receipt;
    this.dialog.announce("submit");
    this.receipt();
  }

  // refused leads to the page with the first problem the server has found.
  refused(problems) {
    const names = problems.map((problem) => problem.field);
    const step = this.d.pages.findIndex(({ fields }) => fields.some((field) => names.includes(field.name)));
    if (step < 0) return this.failed("failed"); // a problem of a field that is not in this form
    this.problems = problems;
    this.go(step);
  }

  // failed leaves everything as it is, says so and offers the way by mail.
  failed(why) {
    const { d, draft, dialog } = this, { words } = d, text = statement(d, draft);
    const area = element("textarea.rc-input", { id: "rc-statement", readonly: true, rows: 6, dir: "auto" });
    area.value = text;
    const box = element("div.rc-problems", { role: "group", tabindex: -1, "aria-labelledby": "rc-failed" },
      element("p", { id: "rc-failed" }, words[why]),
      element("label.rc-label", { for: "rc-statement" }, words.statement), area,
      element("p.rc-actions", null,
        press(words.copy, () => copy(area, () => dialog.say(words.copied)), "rc-link"),
        element("a", { href: "mailto:" + d.mail + "?" + mailFields(d.text.title, text) }, words.write)));
    dialog.content.querySelector(".rc-problems")?.remove();
    dialog.content.prepend(box);
    box.focus();
  }

  receipt() {
    const { d, draft, dialog } = this, { words } = d, title = words.received;
    const view = receipt(d, draft, [
      press(words.save, () => save(title, view, draft.receipt.reference), "rc-button"),
      press(words.print, () => print(title, view), "rc-button rc-second"),
    ]);
    dialog.view(title, [view, element("p.rc-actions", null, press(words.another, () => this.restart(), "rc-link"))]);
  }
}

const press = (label, onclick, look) => element("button." + look, { type: "button", onclick }, label);

const mailFields = (subject, body) => "subject=" + encodeURIComponent(subject) + "&body=" + encodeURIComponent(body.replace(/\n/g, "\r\n"));

// The clipboard is there on https pages only; elsewhere the text is at least selected.
const copy = (area, done) => {
  area.select();
  navigator.clipboard?.writeText(area.value).then(done, () => {});
};
