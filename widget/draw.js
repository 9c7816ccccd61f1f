// Draws a form from its definition: the same elements, classes and ids as form/markup prints.
// A browser test holds the two equal.
import { element, press } from "./element.js";

// drawPage makes one page of a flow's form.
export const drawPage = (flow, step) => {
  const { d, draft } = flow, { text } = d, { title, fields } = d.pages[step];
  return element("form.rc-form",
    { novalidate: true, onsubmit: (event) => event.preventDefault(), oninput: (event) => flow.entered(event), onchange: (event) => flow.changed(event) },
    trap(d, draft),
    title && element("h2.rc-group", { tabindex: -1 }, title),
    fields.map((field) => drawField(flow, field)),
    privacy(d),
    element("p.rc-actions", null, submit(text.continue, () => flow.forward(step)), step > 0 && press("rc-button rc-second", text.back, () => flow.go(step - 1))));
};

// A sandboxed frame may forbid to submit, never to click; Enter in a field clicks the submit button as well.
export const submit = (label, act) => press("rc-button", label, (event) => {
  event.preventDefault();
  act();
}, "submit");

// What was written would be lost if the link led away from the page.
export const privacy = ({ text, privacy }) => element("p.rc-privacy", null, text.privacy, " ",
  element("a", { href: privacy, target: "_blank", rel: "noopener" }, text["privacy-link"]));

// The trap is for programs that fill in everything. It marks a declaration, it never stops one.
const trap = (d, draft) => element("div.rc-trap", { "aria-hidden": "true" },
  element("label", { for: "rc-trap" }, d.text.trap), " ",
  element("input", { id: "rc-trap", name: d.trap, type: "text", tabindex: -1, autocomplete: "off", value: draft.values[d.trap] }));

const drawField = (flow, field) => {
  const { type } = field, id = "rc-" + field.name;
  const group = /date|choice|items/.test(type), hint = type !== "items" && field.hint; // that hint is for a text area
  const described = hint && id + "-hint";
  return element(group ? "fieldset.rc-field" : "div.rc-field", { "aria-describedby": group && described },
    element(group ? "legend.rc-label" : "label.rc-label", { for: !group && id },
      field.label, field.optional && [" ", element("span.rc-optional", null, field.optional)]),
    hint && element("p.rc-hint", { id: described }, hint),
    controls[type](flow, field, { id, name: field.name, autocomplete: field.autocomplete, "aria-describedby": described }));
};

const line = (flow, attributes, look = "") => element("input.rc-input" + look, { type: "text", value: flow.draft.values[attributes.name], ...attributes });

const controls = {
  line: (flow, field, common) => line(flow, { ...common, spellcheck: "false", dir: "auto" }),

  // Not type=email: Chromium rewrites addresses in it, so that straße.de becomes another domain.
  email: (flow, field, common) => line(flow, { ...common, spellcheck: "false", inputmode: "email", autocapitalize: "none", dir: "ltr" }),

  text(flow, { name, max }, common) {
    const area = element("textarea.rc-input", { ...common, rows: max > 5000 ? 8 : 4, spellcheck: "true", dir: "auto" });
    area.value = flow.draft.values[name] || "";
    return area;
  },

  date: (flow, { name, parts }) => element("div.rc-date", null, parts.map(({ name: part, label }) => {
    const id = `rc-${name}-${part}`;
    return element("div.rc-part", null, element("label", { for: id }, label), " ",
      line(flow, { id, name: name + "-" + part, inputmode: "numeric" }, " rc-" + part));
  })),

  choice: (flow, { name, options }) => radios(flow, name, options),

  // The whole contract or some of its items. What the items are is asked in items.js.
  items(flow, { name }) {
    const { text } = flow.d, rows = element("div.rc-items"), scope = name + "-scope";
    const draw = () => flow.more().then((after) => after.drawItems(flow, name, rows), () => {});
    flow.draft.values[scope] ||= "whole";
    if (flow.draft.values[scope] === "some") draw();
    return [element("div", { onchange: draw }, radios(flow, scope, [
      { value: "whole", label: text["items.whole"] }, { value: "some", label: text["items.some"] },
    ], name)), rows];
  },

  files: (flow, field, common) => flow.after.drawFiles(flow, field, common),
};

const radios = (flow, name, options, group = name) => options.map(({ value, label }, i) => {
  const id = "rc-" + group + (i ? "-" + value : "");
  return element("div.rc-option", null,
    element("input", { id, name, type: "radio", value, checked: flow.draft.values[name] === value }), " ",
    element("label", { for: id }, label));
});
