import { privacy, submit } from "./draw.js";
import { element, fill, press } from "./element.js";
import { endOf } from "./hints.js";
import { spell } from "./values.js";

// drawReview shows what was entered and has the button that sends it: for a withdrawal the official label and nothing
// else. act has change(step, field), send() and back().
export const drawReview = (flow, act) => {
  const { d } = flow;
  return element("form.rc-form", { novalidate: true, onsubmit: (event) => event.preventDefault() },
    element("p.rc-declaration", null, d.text.declaration),
    element("dl.rc-review", null, d.pages.map(({ fields }, step) =>
      fields.map((field) => row(flow, field, () => act.change(step, field))))),
    privacy(d),
    element("p.rc-actions", null, submit(d.text.send, act.send), press("rc-button rc-second", d.text.back, act.back)));
};

const row = (flow, field, change) => {
  const { d: { text }, draft } = flow, value = spell(flow.d, field, draft), end = field.type === "date" && endOf(flow, field);
  return element("div.rc-row", null,
    element("dt", null, field.label),
    element("dd.rc-value", { dir: value && "auto" }, value || element("span.rc-none", null, text["not-provided"])),
    element("dd.rc-change", null, link(text.change, fill(text["change-answer"], { label: field.label }), change)),
    end && element("dd.rc-value rc-hint", null, end));
};

// link is a button that looks like a link. What is read out says more than what is seen.
export const link = (seen, spoken, onclick) => element("button.rc-link", { type: "button", onclick },
  element("span", { "aria-hidden": "true" }, seen), element("span.rc-hidden", null, spoken));
