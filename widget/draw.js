// Draws a form from its definition: the same elements, classes and ids as form/markup prints.
// A browser test holds the two equal.
import { element, fill } from "./element.js";
import { spell } from "./values.js";

const idOf = (field) => "rc-" + field.name;
const hidden = (text) => element("span", { class: "rc-hidden" }, text);

// drawPage makes one page of a form. act has changed(field), forward() and, from the second page on, back().
export const drawPage = (d, step, draft, act) => {
  const { title, fields } = d.pages[step], text = d.text;
  return element("form", { class: "rc-form", novalidate: true, onsubmit: (event) => event.preventDefault() },
    trap(d, draft),
    title && element("h2", { class: "rc-group", tabindex: -1 }, title),
    fields.map((field) => drawField(d, field, draft, () => act.changed(field))),
    privacy(d),
    element("p", { class: "rc-actions" }, button(text.continue, act.forward), act.back && button(text.back, act.back, "rc-second")));
};

// drawReview shows what was entered and has the button that sends it: for a withdrawal the official label and nothing
// else. act has change(step, field), send() and back().
export const drawReview = (d, draft, act) => element("form", { class: "rc-form", novalidate: true, onsubmit: (event) => event.preventDefault() },
  element("p", { class: "rc-declaration" }, d.text.declaration),
  element("dl", { class: "rc-review" }, d.pages.map(({ fields }, step) =>
    fields.map((field) => reviewRow(d, field, draft, () => act.change(step, field))))),
  privacy(d),
  element("p", { class: "rc-actions" }, button(d.text.send, act.send), button(d.text.back, act.back, "rc-second")));

const reviewRow = (d, field, draft, change) => {
  const value = spell(d, field, draft), text = d.text;
  return element("div", { class: "rc-row" },
    element("dt", null, field.label),
    element("dd", { class: "rc-value", dir: value && "auto" }, value || element("span", { class: "rc-none" }, text["not-provided"])),
    element("dd", { class: "rc-change" }, element("button", { class: "rc-link", type: "button", onclick: change },
      element("span", { "aria-hidden": "true" }, text.change), hidden(fill(text["change-answer"], { label: field.label })))));
};

// A sandboxed frame may forbid to submit, never to click; Enter in a field clicks the first submit button as well.
const button = (label, press, second) =>
  element("button", { class: "rc-button" + (second ? " " + second : ""), type: second ? "button" : "submit", onclick: (event) => {
    event.preventDefault();
    press();
  } }, label);

// What is written here would be lost if the link led away from the page.
const privacy = ({ text, privacy }) => element("p", { class: "rc-privacy" }, text.privacy, " ",
  element("a", { href: privacy, target: "_blank", rel: "noopener" }, text["privacy-link"]));

// The trap is for programs that fill in everything. It marks a declaration, it never stops one.
const trap = (d, draft) => element("div", { class: "rc-trap", "aria-hidden": "true" },
  element("label", { for: "rc-trap" }, d.text.trap),
  input(d.trap, draft, { id: "rc-trap", tabindex: -1, autocomplete: "off" }));

const input = (name, draft, attributes, changed) => element("input", {
  name, type: "text", value: draft.values[name], ...attributes,
  oninput: (event) => (draft.values[name] = event.target.value),
  onchange: changed,
});

const drawField = (d, field, draft, changed) => {
  const group = field.type === "date" || field.type === "choice";
  const label = [field.label, field.optional && [" ", element("span", { class: "rc-optional" }, field.optional)]].flat();
  const hint = field.hint && element("p", { class: "rc-hint", id: idOf(field) + "-hint" }, field.hint);
  const described = field.hint && idOf(field) + "-hint";
  const controls = inputs[field.type](d, field, draft, changed, { id: idOf(field), "aria-describedby": described });
  return group
    ? element("fieldset", { class: "rc-field", "aria-describedby": described }, element("legend", { class: "rc-label" }, label), hint, controls)
    : element("div", { class: "rc-field" }, element("label", { class: "rc-label", for: idOf(field) }, label), hint, controls);
};

const inputs = {
  line: (d, field, draft, changed, common) => input(field.name, draft, {
    ...common, class: "rc-input", spellcheck: "false", dir: "auto", autocomplete: field.autocomplete,
  }, changed),
  // Not type=email: Chromium rewrites addresses in it, so that straße.de becomes another domain.
  email: (d, field, draft, changed, common) => input(field.name, draft, {
    ...common, class: "rc-input", spellcheck: "false", inputmode: "email", autocapitalize: "none", dir: "ltr", autocomplete: field.autocomplete,
  }, changed),
  text: (d, field, draft, changed, common) => {
    const counter = element("p", { class: "rc-counter", role: "status" });
    const area = element("textarea", {
      ...common, class: "rc-input", name: field.name, rows: field.max > 5000 ? 8 : 4, spellcheck: "true", dir: "auto",
      oninput: () => {
        draft.values[field.name] = area.value;
        count(d, field, area.value, counter);
      },
      onchange: changed,
    });
    area.value = draft.values[field.name] || "";
    count(d, field, area.value, counter);
    return [area, counter];
  },
  date: (d, field, draft, changed) => element("div", { class: "rc-date" }, field.parts.map(({ name, label }) =>
    element("div", { class: "rc-part" }, element("label", { for: idOf(field) + "-" + name }, label), " ",
      input(field.name + "-" + name, draft, { class: "rc-input rc-" + name, id: idOf(field) + "-" + name, inputmode: "numeric" }, changed)))),
  choice: (d, field, draft, changed) => field.options.map(({ value, label }, i) => {
    const id = idOf(field) + (i ? "-" + value : "");
    return element("div", { class: "rc-option" },
      element("input", { id, name: field.name, type: "radio", value, checked: draft.values[field.name] === value, onchange: () => {
        draft.values[field.name] = value;
        changed();
      } }), " ", element("label", { for: id }, label));
  }),
  files: (d, field, draft, changed, common) => {
    const list = element("div", null);
    const draw = () => list.replaceChildren(...attached(d, draft, (file) => {
      draft.files.splice(draft.files.indexOf(file), 1);
      draw();
      picker.focus();
      changed();
    }));
    const picker = element("input", {
      ...common, class: "rc-file", name: field.name, type: "file", multiple: true, accept: d.accept,
      onchange: () => {
        draft.files.push(...picker.files);
        picker.value = ""; // the list above has them now, and the same file may be picked again
        draw();
        changed();
      },
    });
    draw();
    return [list, picker];
  },
};

const attached = ({ text }, { files }, remove) => files.length ? [
  element("p", { class: "rc-attached" }, text.attached),
  element("ul", { class: "rc-files" }, files.map((file) => element("li", null, element("bdi", null, file.name), " ",
    element("button", { class: "rc-link", type: "button", onclick: () => remove(file) },
      element("span", { "aria-hidden": "true" }, text.remove), hidden(fill(text["remove-file"], { name: file.name })))))),
] : [];

// A long answer says how much room is left once three quarters are used; being over is shown, never prevented.
const count = (d, field, value, counter) => {
  const left = field.max - [...value].length;
  const key = left < 0 ? "over" : "left", n = Math.abs(left);
  const form = new Intl.PluralRules(d.lang).select(n);
  const text = d.text[`counter.${key}.${form}`] || d.text[`counter.${key}.other`];
  clearTimeout(counter.timer);
  // Screen readers are told after a pause, not at every key.
  counter.timer = setTimeout(() => (counter.textContent = left < field.max / 4 ? fill(text, { n }) : ""), counter.textContent ? 1000 : 0);
};

// message is a problem in words, the server's or the definition's: they are the same.
const message = (d, { field, code, over, message }) => message || fill(d.problem[code] || "", { over });

// blames tells whether a box of a date has to do with a problem: rules such as "missing-day-month" and
// "short-year" name theirs, others mean the date as a whole.
const blames = ({ code }, part) => !/\.(missing|short)-/.test(code) || code.split(".")[1].split("-").includes(part);

// showProblems puts the messages at the fields and in a summary above the form, and takes old ones away. It returns
// the summary, or nothing where all is well.
export const showProblems = (content, d, problems) => {
  const form = content.querySelector("form");
  const fields = d.pages.flatMap((page) => page.fields);
  for (const field of fields) mark(form, d, field, problems.find((problem) => problem.field === field.name));
  content.querySelector(".rc-problems")?.remove();
  if (!problems.length) return;
  const summary = element("div", { class: "rc-problems", id: "rc-problems", role: "group", tabindex: -1, "aria-labelledby": "rc-problems-title" },
    element("h2", { id: "rc-problems-title" }, d.text.problems),
    element("ul", null, problems.map((problem) => summaryLine(form, d, problem))));
  form.before(summary);
  return summary;
};

// A plain "#id" would change the address of the shop's page and find nothing inside the shadow tree.
const summaryLine = (form, d, problem) => {
  const wrong = form.querySelector(`[name="${problem.field}"], [name^="${problem.field}-"][aria-invalid]`);
  return element("li", null, element("a", { href: "#" + (wrong?.id || ""), onclick: (event) => {
    event.preventDefault();
    wrong?.focus();
  } }, message(d, problem)));
};

const mark = (form, d, field, problem) => {
  const first = form.querySelector(`[name="${field.name}"], [name^="${field.name}-"]`);
  if (!first) return;
  const box = first.closest(".rc-field"), id = idOf(field) + "-error";
  box.classList.toggle("rc-wrong", !!problem);
  box.querySelector(".rc-error")?.remove();
  if (problem) {
    box.querySelector(".rc-hint, .rc-label:not(:has(~ .rc-hint))").after(
      element("p", { class: "rc-error", id }, hidden(d.text.error), " " + message(d, problem)));
  }
  const described = box.matches("fieldset") ? box : first;
  set(described, "aria-describedby", [field.hint && idOf(field) + "-hint", problem && id].filter(Boolean).join(" "));
  for (const part of box.querySelectorAll(".rc-input, .rc-file")) {
    set(part, "aria-invalid", problem && (field.type !== "date" || blames(problem, part.name.split("-")[1])) && "true");
  }
};

const set = (node, name, value) => (value ? node.setAttribute(name, value) : node.removeAttribute(name));
