import { Dialog } from "./dialog.js";
import { draftOf, drafts } from "./drafts.js";
import { drawPage } from "./draw.js";
import { element } from "./element.js";
import { after } from "./fetched.js";
import { rules, startRules } from "./rules.js";

// Flow leads from the pages of a form over the review to the receipt. Steps count from 0; the review is the one
// after the last page. What it needs from the first key on is in after.js, whose functions take the flow.
export class Flow {
  constructor(widget, form, definition, { prefill = {}, returnFocus }) {
    this.widget = widget;
    this.form = form;
    this.d = definition;
    this.prefill = prefill;
    this.problems = [];
    this.drafts = drafts;
    this.rules = { now: rules, start: startRules };
    this.draft = draftOf(this);
    this.dialog = new Dialog(widget, form, definition, returnFocus);
  }

  async open() {
    const { draft, dialog } = this;
    // The first page is there at once, everything else can be waited for.
    if (draft.receipt || draft.step) await this.continued();
    else this.ask(0);
    dialog.open();
    if (draft.touched) this.more().then((after) => after.greet(this), () => {});
  }

  // continued shows where the visitor was.
  async continued() {
    const after = await this.more();
    if (this.draft.receipt) after.receive(this);
    else this.go(this.draft.step);
  }

  // more fetches what is needed from the first key on.
  async more() {
    return (this.after = await after(this.d));
  }

  // go shows a step; all but the first need more.
  go(step) {
    this.draft.step = step;
    if (step < this.d.pages.length) this.ask(step);
    else this.after.review(this);
  }

  // ask shows a page of the form.
  ask(step) {
    const { d, dialog, problems } = this;
    const page = drawPage(this, step);
    const intro = !step && element("p.rc-intro", null, d.text.intro);
    // Where the shop's own scripts get in the way of typing, the page of its own is the way out.
    const alone = !step && element("p.rc-privacy", null, element("a", { href: d.page, target: "_blank", rel: "noopener" }, d.words.page));
    dialog.view(d.text.title, [intro, page, alone], step && page.querySelector(".rc-group"));
    const here = d.pages[step].fields.map((field) => field.name);
    const found = problems.filter((problem) => here.includes(problem.field));
    if (found.length) this.after.complain(this, found);
    this.after?.keepLine(this);
  }

  // entered takes what is typed into the draft at once.
  entered({ target }) {
    const { draft } = this;
    if (target.type !== "file") draft.values[target.name] = target.value;
    draft.touched = true;
    draft.id = ""; // what was tried to send before was another declaration
    this.more().then((after) => after.typed(this, target), () => {});
  }

  // changed is called when somebody has finished with an input.
  changed(event) {
    const { target } = event; // an event that has left a shadow root forgets where it came from
    this.entered(event);
    this.more().then((after) => after.changed(this, target), () => {});
  }

  async forward(step) {
    if (this.busy) return;
    this.busy = true;
    const { d, dialog } = this;
    const waits = setTimeout(() => dialog.say(d.words.waiting), 300);
    try {
      await this.more().then((after) => after.forward(this, step), () => dialog.say(d.words.stuck));
    } finally {
      clearTimeout(waits);
      this.busy = false;
    }
  }

  // restart forgets what was written.
  restart() {
    drafts.delete(this.form);
    this.draft = draftOf(this);
    this.problems = [];
    this.dialog.foot.replaceChildren();
    this.go(0);
  }
}
