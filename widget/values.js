// What was entered, as the rules and the server want it and as people read it.
import { fill } from "./element.js";

const boxes = ["year", "month", "day"];

// valueOf is a field's value as one text: a date's boxes joined as year-month-day, the names of files on lines.
export const valueOf = ({ name, type }, { values, files }) => {
  if (type === "files") return files.map((file) => file.name).join("\n");
  if (type !== "date") return values[name] || "";
  const parts = boxes.map((part) => (values[name + "-" + part] || "").trim());
  return parts.some(Boolean) ? parts.join("-") : "";
};

// spell is a value in words, empty if there is none; a date that cannot be read stays as it was typed.
export const spell = (d, field, draft) => {
  const value = valueOf(field, draft);
  if (field.type === "choice") return field.options.find((option) => option.value === value)?.label || "";
  return field.type === "date" ? spellDate(d, value) : value;
};

// The full names of the months come first in the list, then the further names people type.
const spellDate = (d, value) => {
  const typed = value.replace(/^-+|-+$/g, "");
  let [year, month, day] = typed.split(/[-./, ]+/);
  if (/^\d{4}$/.test(day)) [year, day] = [day, year]; // pasted whole into one box
  const same = (entry) => entry.split("=").some((part) => part.localeCompare(month.replace(/^0|\.$/g, ""), d.lang, { sensitivity: "base" }) === 0);
  const number = month && d.months.find(same)?.split("=")[0];
  return number && /^\d{4}$/.test(year) && /^\d{1,2}\D{0,2}$/.test(day) ? longDate(d, year, number, parseInt(day, 10)) : typed;
};

// longDate writes a day as locale.Date in Go does.
export const longDate = (d, year, month, day) =>
  fill(d.date.long, { d: day === 1 && d.date.first || day, month: d.months[month - 1].split("=")[1], y: year });
