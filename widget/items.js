// The rows of a partial withdrawal: which items, and how many of each. Nothing here can be wrong: a quantity is what
// somebody writes, and without a row it is the whole contract.
import { element, fill } from "./element.js";
import { link } from "./review.js";
import { itemKey } from "./values.js";

// drawItems fills the place under the two choices, or empties it.
export const drawItems = (flow, field, place) => {
  const { values } = flow.draft, { text } = flow.d;
  // again draws the rows and takes the focus to one of them.
  const again = (row) => {
    drawItems(flow, field, place);
    const shown = place.querySelectorAll(".rc-item"), input = shown[Math.min(row, shown.length - 1)].querySelector("input");
    input.focus();
    input.dispatchEvent(new Event("input", { bubbles: true })); // a row more or less is another declaration
  };
  if (values[field + "-scope"] !== "some") return place.replaceChildren();
  start(flow, field);
  const rows = [];
  for (let i = 0; itemKey(field, i, "name") in values; i++) rows.push(row(flow, field, i, again, itemKey(field, 1, "name") in values));
  place.replaceChildren(...rows, element("button.rc-link", { type: "button", onclick: () => {
    values[itemKey(field, rows.length, "name")] = "";
    again(rows.length);
  } }, text["items.add"]));
};

// start takes over what the shop knows to be ordered, or begins with an empty row.
const start = ({ draft: { values }, prefill, widget }, field) => {
  if (itemKey(field, 0, "name") in values) return;
  const known = prefill.items || (widget.getAttribute("items") || "").split(/[;\n]/).filter((line) => line.trim()).map(split);
  known.forEach(({ name, quantity = 1 }, i) => {
    values[itemKey(field, i, "name")] = name;
    values[itemKey(field, i, "of")] = String(quantity);
    values[itemKey(field, i, "quantity")] = "0";
  });
  if (!known.length) values[itemKey(field, 0, "name")] = "";
};

// split reads "2 x Lamp".
const split = (line) => {
  const [, quantity, name] = /^\s*(?:(\d+)\s*[x\u00d7*]\s)?\s*(.*?)\s*$/i.exec(line);
  return { name, quantity };
};

const row = (flow, field, i, again, several) => {
  const { draft: { values }, d: { text } } = flow;
  const of = values[itemKey(field, i, "of")], name = values[itemKey(field, i, "name")];
  const box = (what, label, more) => {
    const key = itemKey(field, i, what);
    return element("div.rc-part", null, element("label", { for: "rc-" + key }, label), " ",
      element("input.rc-input rc-" + what, { id: "rc-" + key, name: key, type: "text", value: values[key], ...more }));
  };
  return element("div.rc-item", { role: "group", "aria-label": of ? name : text["items.name"] + " " + (i + 1) },
    of ? element("bdi.rc-known", null, name) : box("name", text["items.name"], { dir: "auto" }),
    box("quantity", text["items.quantity"], { inputmode: "numeric", autocomplete: "off" }),
    of ? element("span.rc-of", null, fill(text["items.of"], { n: of }))
      : several && link(text.remove, fill(text["remove-file"], { name: name || text["items.name"] }), () => {
        remove(values, field, i);
        again(i);
      }));
};

// remove takes a row out and moves up those behind it.
const remove = (values, field, i) => {
  for (; itemKey(field, i, "name") in values; i++) {
    for (const what of ["name", "quantity", "of"]) {
      const next = values[itemKey(field, i + 1, what)];
      if (next === undefined) delete values[itemKey(field, i, what)];
      else values[itemKey(field, i, what)] = next;
    }
  }
};
