// Shows what is wrong, as form/markup does: in a summary above the form and at each field.
import { element, fill } from "./element.js";

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
  const box = first.closest(".rc-field"), id = `rc-${field.name}-error`, hint = box.querySelector(".rc-hint");
  box.classList.toggle("rc-wrong", !!problem);
  box.querySelector(".rc-error")?.remove();
  if (problem) {
    (hint || box.querySelector(".rc-label")).after(element("p.rc-error", { id }, element("span.rc-hidden", null, d.text.error), " " + message(d, problem)));
  }
  set(box.matches("fieldset") ? box : first, "aria-describedby", [hint?.id, problem && id].filter(Boolean).join(" "));
  for (const input of box.querySelectorAll(".rc-input, .rc-file")) {
    set(input, "aria-invalid", problem && blames(problem, input.name.split("-")[1] || "") && "true");
  }
};

const set = (node, name, value) => (value ? node.setAttribute(name, value) : node.removeAttribute(name));
