// What was entered, by form. It lives as long as the page, so that closing the dialog, a shop page drawn anew or
// another language loses nothing. On the device it is kept only where the visitor has asked for it, see keep.js.
export const drafts = new Map();

// draftOf gives the draft of a flow's form. A new one starts with what the shop knows of its customer and what the
// other form has asked already: nobody has to say it twice.
export const draftOf = ({ form, widget, prefill }) => {
  if (!drafts.has(form)) drafts.set(form, { values: {}, files: [], step: 0, ...kept(form) });
  const { values } = drafts.get(form);
  for (const [field, value] of Object.entries(prefill)) if (typeof value === "string") values[field] ||= value;
  for (const [field, attribute] of [["name", "name"], ["email", "email"], ["contract", "order"]]) {
    values[field] ||= widget.getAttribute(attribute) || [...drafts.values()].map((other) => other.values[field]).find(Boolean);
  }
  return drafts.get(form);
};

const day = 864e5;

// kept is the draft that the visitor has left on this device, for a day.
const kept = (form) => {
  try {
    const { at, id, ...values } = Object.fromEntries(new URLSearchParams(sessionStorage.getItem("recourse-" + form)));
    if (Date.now() - at < day) return { values, id, touched: true, kept: at };
    sessionStorage.removeItem("recourse-" + form);
  } catch {} // no storage here, so nothing was kept
};
