// Draws a form from its definition: the same elements, classes and ids as form/markup prints.
// A browser test holds the two equal.
import { element, fill } from "./element.js";
import { spell } from "./values.js";

// drawPage makes one page of a form. What people enter goes into the draft at once. act has changed(field), called
// when they have finished with a field, forward() and, from the second page on, back().
export const drawPage = (d, step, draft, act) => {
  const { title, fields } = d.pages[step], { text } = d;
  const entered = ({ target }) => {
    if (target.type !== "file") draft.values[target.name] = target.value;
    draft.touched = true;
    draft.id = ""; // what was tried to send before was another declaration
  };
  const changed = (event) => {
    entered(event);
    act.changed(fields.find((field) => field.name === event.target.name.split("-")[0]));
  };
  return element("form.rc-form", { novalidate: true, onsubmit: (event) => event.preventDefault(), oninput: entered, onchange: changed },
    trap(d, draft),
    title && element("h2.rc-group", { tabindex: -1 }, title),
    fields.map((field) => drawField(d, field, draft)),
    privacy(d),
    element("p.rc-actions", null, button(text.continue, act.forward, "submit"), act.back && button(text.back, act.back)));
};

// drawReview shows what was entered and has the button that sends it: for a withdrawal the official label and nothing
// else. act has change(step, field), send() and back().
export const drawReview = (d, draft, act) => element("form.rc-form", { novalidate: true, onsubmit: (event) => event.preventDefault() },
  element("p.rc-declaration", null, d.text.declaration),
  element("dl.rc-review", null, d.pages.map(({ fields }, step) =>
    fields.map((field) => reviewRow(d, field, draft, () => act.change(step, field))))),
  privacy(d),
  element("p.rc-actions", null, button(d.text.send, act.send, "submit"), button(d.text.back, act.back)));

const reviewRow = (d, field, draft, change) => {
  const value = spell(d, field, draft), { text } = d;
  return element("div.rc-row", null,
    element("dt", null, field.label),
    element("dd.rc-value", { dir: value && "auto" }, value || element("span.rc-none", null, text["not-provided"])),
    element("dd.rc-change", null, link(text.change, fill(text["change-answer"], { label: field.label }), change)));
};

// link is a button that looks like a link. What is read out says more than what is seen.
const link = (seen, spoken, onclick) => element("button.rc-link", { type: "button", onclick },
  element("span", { "aria-hidden": "true" }, seen), hidden(spoken));

const hidden = (text) => element("span.rc-hidden", null, text);

// A sandboxed frame may forbid to submit, never to click; Enter in a field clicks the submit button as well.
const button = (label, press, type) => {
  const made = element("button.rc-button", { type: type || "button", onclick: (event) => {
    event.preventDefault();
    press();
  } }, label);
  made.classList.toggle("rc-second", !type);
  return made;
};

// What was written would be lost if the link led away from the page.
const privacy = ({ text, privacy }) => element("p.rc-privacy", null, text.privacy, " ",
  element("a", { href: privacy, target: "_blank", rel: "noopener" }, text["privacy-link"]));

// The trap is for programs that fill in everything. It marks a declaration, it never stops one.
const trap = (d, draft) => element("div.rc-trap", { "aria-hidden": "true" },
  element("label", { for: "rc-trap" }, d.text.trap), " ",
  element("input", { id: "rc-trap", name: d.trap, type: "text", tabindex: -1, autocomplete: "off", value: draft.values[d.trap] }));

const idOf = ({ name }) => "rc-" + name;

const drawField = (d, field, draft) => {
  const group = field.type === "date" || field.type === "choice";
  const described = field.hint && idOf(field) + "-hint";
  return element(group ? "fieldset.rc-field" : "div.rc-field", { "aria-describedby": group && described },
    element(group ? "legend.rc-label" : "label.rc-label", { for: !group && idOf(field) },
      field.label, field.optional && [" ", element("span.rc-optional", null, field.optional)]),
    field.hint && element("p.rc-hint", { id: described }, field.hint),
    controls[field.type](d, field, draft, {
      id: idOf(field), name: field.name, autocomplete: field.autocomplete, "aria-describedby": described,
    }));
};

const line = (draft, attributes) => element("input.rc-input", { type: "text", value: draft.values[attributes.name], ...attributes });

const controls = {
  line: (d, field, draft, common) => line(draft, { ...common, spellcheck: "false", dir: "auto" }),

  // Not type=email: Chromium rewrites addresses in it, so that straße.de becomes another domain.
  email: (d, field, draft, common) => line(draft, { ...common, spellcheck: "false", inputmode: "email", autocapitalize: "none", dir: "ltr" }),

  text(d, field, draft, common) {
    const counter = element("p.rc-counter", { role: "status" });
    const area = element("textarea.rc-input", {
      ...common, rows: field.max > 5000 ? 8 : 4, spellcheck: "true", dir: "auto", oninput: () => count(d, field, area.value, counter),
    });
    area.value = draft.values[field.name] || "";
    area.oninput();
    return [area, counter];
  },

  date: (d, field, draft) => element("div.rc-date", null, field.parts.map(({ name, label }) => {
    const box = line(draft, { id: idOf(field) + "-" + name, name: field.name + "-" + name, inputmode: "numeric" });
    box.classList.add("rc-" + name);
    return element("div.rc-part", null, element("label", { for: box.id }, label), " ", box);
  })),

  choice: (d, field, draft) => field.options.map(({ value, label }, i) => {
    const id = idOf(field) + (i ? "-" + value : "");
    return element("div.rc-option", null,
      element("input", { id, name: field.name, type: "radio", value, checked: draft.values[field.name] === value }), " ",
      element("label", { for: id }, label));
  }),

  files(d, field, draft, common) {
    const picker = element("input.rc-file", { ...common, type: "file", multiple: true, accept: d.accept, onchange: () => {
      draft.files.push(...picker.files);
      picker.value = ""; // the list has them now, and the same file may be picked again
      for (const old of picker.parentNode.querySelectorAll(".rc-attached, .rc-files")) old.remove();
      picker.before(...attached(d, draft, picker));
    } });
    return [attached(d, draft, picker), picker];
  },
};

const attached = ({ text }, draft, picker) => draft.files.length ? [
  element("p.rc-attached", null, text.attached),
  element("ul.rc-files", null, draft.files.map((file) => element("li", null, element("bdi", null, file.name), " ",
    link(text.remove, fill(text["remove-file"], { name: file.name }), () => {
      draft.files.splice(draft.files.indexOf(file), 1);
      picker.dispatchEvent(new Event("change", { bubbles: true }));
      picker.focus();
    })))),
] : [];

// A long answer says how much room is left once three quarters are used; being over is shown, never prevented.
const count = ({ lang, text }, { max }, value, counter) => {
  const left = max - [...value].length, n = Math.abs(left);
  const key = "counter." + (left < 0 ? "over." : "left.");
  const said = left < max / 4 && fill(text[key + new Intl.PluralRules(lang).select(n)] || text[key + "other"], { n });
  clearTimeout(counter.timer);
  // Screen readers are told after a pause, not at every key.
  counter.timer = setTimeout(() => (counter.textContent = said || ""), 1000);
};

// The server's words for a problem are those of the definition.
const message = (d, { code, over, message }) => message || fill(d.problem[code], { over });

// Rules such as "missing-day-month" and "short-year" name the boxes of a date they mean, others mean all three.
const blames = ({ code }, part) => !/\.(missing|short)-/.test(code) || code.includes("-" + part);

// showProblems puts the messages at the fields and in a summary above the form, and takes old ones away. It returns
// the summary, or nothing where all is well.
export const showProblems = (content, d, problems) => {
  const form = content.querySelector("form");
  for (const field of d.pages.flatMap((page) => page.fields)) {
    mark(form, d, field, problems.find((problem) => problem.field === field.name));
  }
  content.querySelector(".rc-problems")?.remove();
  if (!problems.length) return;
  const summary = element("div.rc-problems", { id: "rc-problems", role: "group", tabindex: -1, "aria-labelledby": "rc-problems-title" },
    element("h2", { id: "rc-problems-title" }, d.text.problems),
    element("ul", null, problems.map((problem) => element("li", null, summaryLink(form, d, problem)))));
  form.before(summary);
  return summary;
};

// inputOf is a field's first input, or the first that says yes to also.
export const inputOf = (form, { name }, also = "") => form.querySelector(`[name="${name}"]${also}, [name^="${name}-"]${also}`);

// A plain "#id" would change the address of the shop's page and find nothing inside the shadow tree.
const summaryLink = (form, d, problem) => {
  const field = { name: problem.field };
  const wrong = inputOf(form, field, "[aria-invalid]") || inputOf(form, field);
  return element("a", { href: "#" + wrong.id, onclick: (event) => {
    event.preventDefault();
    wrong.focus();
  } }, message(d, problem));
};

const mark = (form, d, field, problem) => {
  const first = inputOf(form, field);
  if (!first) return;
  const box = first.closest(".rc-field"), id = idOf(field) + "-error", hint = box.querySelector(".rc-hint");
  box.classList.toggle("rc-wrong", !!problem);
  box.querySelector(".rc-error")?.remove();
  if (problem) {
    (hint || box.querySelector(".rc-label")).after(element("p.rc-error", { id }, hidden(d.text.error), " " + message(d, problem)));
  }
  set(box.matches("fieldset") ? box : first, "aria-describedby", [hint?.id, problem && id].filter(Boolean).join(" "));
  for (const input of box.querySelectorAll(".rc-input, .rc-file")) {
    set(input, "aria-invalid", problem && blames(problem, input.name.split("-")[1] || "") && "true");
  }
};

const set = (node, name, value) => (value ? node.setAttribute(name, value) : node.removeAttribute(name));
