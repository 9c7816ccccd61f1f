// Hints at the fields. They inform, they can be ignored, and none of them is a problem.
import { lastDay, suggestion } from "./asking.js";
import { element, fill, press } from "./element.js";
import { longDate, valueOf } from "./values.js";

// region gives the place of a hint, which must exist before anything is said in it.
const region = (box, look) => {
  const place = box.querySelector("." + look);
  return place || box.appendChild(element("div." + look, { role: "status" }));
};

// hint looks at a field that somebody has finished with.
export const hint = (flow, field, input) => {
  const box = input.closest(".rc-field");
  if (!box) return; // another page is shown by now
  if (field.type === "email") soon(typo, flow, region(box, "rc-typo"), input);
  if (field.type === "date") soon(end, flow, region(box, "rc-ends"), field);
};

// Screen readers tell what changes in a region, not what it was made with.
const soon = (say, ...given) => setTimeout(say, 100, ...given);

const typo = (flow, place, input) => {
  const { words } = flow.d, address = suggestion(flow, input.value);
  place.replaceChildren(...(address ? [
    element("span", null, fill(words.typo, { address })), " ",
    press("rc-link", words["typo-use"], () => {
      input.value = address;
      input.dispatchEvent(new Event("change", { bubbles: true }));
      input.focus();
    }),
  ] : []));
};

const end = (flow, place, field) => (place.textContent = endOf(flow, field));

// endOf says when the period for withdrawing ends, if the date of a field sets it running and can be read.
export const endOf = (flow, field) => {
  const { d, draft } = flow, last = lastDay(flow, valueOf(field, draft));
  if (!last || (last.over && d.period.longer)) return "";
  const at = new Date(last.day * 864e5);
  const date = longDate(d, at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate());
  return fill(d.words[last.over ? "ended" : "ends"], { days: d.period.days, date: fill(d.date.weekday, { weekday: d.date.weekdays[at.getUTCDay()], date }) });
};

// count says how much room a long answer has left once three quarters are used; being over is shown, never prevented.
// It is seen at once; screen readers are told after a pause, not at every key.
export const count = (flow, { max }, area) => {
  const { lang, text } = flow.d, left = max - [...area.value].length, n = Math.abs(left);
  const key = "counter." + (left < 0 ? "over." : "left.");
  const said = left < max / 4 ? fill(text[key + new Intl.PluralRules(lang).select(n)] || text[key + "other"], { n }) : "";
  const box = area.closest(".rc-field");
  if (!box) return;
  const told = region(box, "rc-told");
  told.classList.add("rc-hidden");
  if (!box.querySelector(".rc-counter")) box.append(element("p.rc-counter", { "aria-hidden": "true" }));
  box.querySelector(".rc-counter").textContent = said;
  clearTimeout(told.timer);
  told.timer = setTimeout(() => (told.textContent = said), 1000);
};
