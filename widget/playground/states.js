// Leads the real form to a state, by what a visitor can do: type and press the form's own buttons.
const sample = {
  name: "Anna Muster", email: "anna@example.com", contract: "4711", product: "Pendant “Drop”", reason: "damaged",
  description: "Sent from the playground: the clasp was broken when the parcel came.", remedy: "replacement", comment: "Sent from the playground.",
};
const customer = { name: "name", email: "email", contract: "order" };

const dialogOf = (widget) => widget.shadowRoot.querySelector("dialog");
const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));

// until waits for something in the dialog; the network may be slow.
const until = async (what, ask, patience = 15000) => {
  const end = performance.now() + patience;
  while (!ask()) {
    if (performance.now() > end) throw new Error(`${what} did not come. The form stands as it is.`);
    await frame();
  }
};

export const show = async (widget, form, state, button) => {
  const dialog = await fresh(widget, form, button);
  await states[state](dialog, widget, form, button);
};

const open = async (widget, form, button) => {
  await widget.open(form, { returnFocus: button });
  await until("The dialog", () => dialogOf(widget)?.open);
  await frame();
  await frame(); // a kept draft is greeted a moment later
  return dialogOf(widget);
};

// fresh opens the form without what an earlier state has left in it.
const fresh = async (widget, form, button) => {
  const dialog = await open(widget, form, button);
  const clear = dialog.querySelector(".rc-note button, .rc-receipt ~ .rc-actions button");
  if (!clear) return dialog;
  clear.click();
  widget.close();
  return open(widget, form, button);
};

const states = {
  empty: async () => {},
  errors: async (dialog) => press(clear(dialog)),
  second: (dialog, widget) => press(enter(dialog, widget)),
  "second-errors": async (dialog, widget) => {
    await press(enter(dialog, widget));
    await press(dialog);
  },
  kept: async (dialog, widget, form, button) => {
    enter(dialog, widget);
    widget.close();
    await open(widget, form, button);
  },
  review: (dialog, widget) => review(dialog, widget),
  receipt: async (dialog, widget) => {
    await review(dialog, widget);
    dialog.querySelector("form [type=submit]").click();
    await until("The receipt", () => dialog.querySelector(".rc-receipt, .rc-problems"), 60000);
  },
};

const review = async (dialog, widget) => {
  while (!dialog.querySelector(".rc-review")) {
    await press(enter(dialog, widget));
    if (dialog.querySelector(".rc-problems")) return; // the server has refused what we made up
  }
};

// press goes on, and waits for the next view or for problems.
const press = async (dialog) => {
  const before = dialog.querySelector("form"), told = dialog.querySelector(".rc-problems");
  before.querySelector("[type=submit]").click();
  await until("The next step", () => dialog.querySelector("form") !== before || dialog.querySelector(".rc-problems") !== told);
};

// enter fills in what is empty, with the customer's data where there are some.
const enter = (dialog, widget) => {
  for (const [field, text] of Object.entries(sample)) {
    const value = (customer[field] && widget.getAttribute(customer[field])) || text;
    for (const input of dialog.querySelectorAll(`[name="${field}"]`)) type(input, value);
  }
  return dialog;
};

const clear = (dialog) => {
  for (const input of dialog.querySelectorAll("input[type=text], textarea")) if (input.value) type(input, "");
  return dialog;
};

const type = (input, value) => {
  if (input.type === "radio") return input.value === value && input.click();
  input.value = value;
  for (const event of ["input", "change"]) input.dispatchEvent(new Event(event, { bubbles: true }));
};
