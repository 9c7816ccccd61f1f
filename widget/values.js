// What was entered, as the rules and the server want it and as people read it.
import { fill } from "./element.js";

const boxes = ["year", "month", "day"];

// valueOf is a field's value as one text: a date's boxes joined as year-month-day, items and names of files on lines.
export const valueOf = ({ name, type }, { values, files }) => {
  if (type === "files") return files.map((file) => file.name).join("\n");
  if (type === "items") return values[name + "-scope"] === "some" ? itemLines(name, values).join("\n") : "";
  if (type !== "date") return values[name] || "";
  const parts = boxes.map((part) => (values[name + "-" + part] || "").trim());
  return parts.some(Boolean) ? parts.join("-") : "";
};

// itemKey names the value of a row of items: its name, its quantity, or of how many.
export const itemKey = (field, row, what) => `${field}-${what}-${row}`;

// itemLines writes the rows as "2 \u00d7 Lamp". Of an item the shop knows to be ordered, only a quantity counts.
const itemLines = (field, values) => {
  const lines = [];
  for (let i = 0; itemKey(field, i, "name") in values; i++) {
    const [name, quantity, of] = ["name", "quantity", "of"].map((what) => (values[itemKey(field, i, what)] || "").trim());
    if (name && (!of || +quantity !== 0)) lines.push(quantity ? `${quantity} \u00d7 ${name}` : name);
  }
  return lines;
};

// spell is a value in words, empty if there is none; a date that cannot be read stays as it was typed.
export const spell = (d, field, draft) => {
  const value = valueOf(field, draft);
  if (field.type === "choice") return field.options.find((option) => option.value === value)?.label || "";
  if (field.type === "items") return value || d.text["items.whole"];
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
