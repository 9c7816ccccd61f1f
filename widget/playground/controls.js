// From the controls to the widget. A custom property is set once its control was touched, and until it is undone.
const set = new Set();

const fields = (form) => [...form.querySelectorAll("[data-property]")].map((field) => ({
  name: field.dataset.property, unit: field.dataset.unit ?? "", input: field.querySelector("input"), output: field.querySelector("output"), undo: field.querySelector(".undo"),
}));

const names = (form) => new Set([...form.querySelectorAll("[data-attribute]")].map((input) => input.name));

// start calls changed after each change of a control.
export const start = (form, changed) => {
  for (const { name, input, undo } of fields(form)) {
    input.addEventListener("input", () => set[input.value ? "add" : "delete"](name));
    undo.addEventListener("click", () => {
      set.delete(name);
      input.value = input.defaultValue;
      changed();
      input.focus(); // the button is gone
    });
  }
  form.addEventListener("input", changed);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => {
    set.clear();
    setTimeout(changed); // the controls are reset after the event
  });
};

// settings are what to paste: {attributes: {name: value}, properties: {name: value}}.
export const settings = (form) => {
  const attributes = {}, properties = {};
  for (const name of names(form)) {
    const value = form.elements[name].value.trim();
    if (value) attributes[name] = value;
  }
  const links = [...form.elements.show], shown = links.filter((link) => link.checked);
  if (shown.length < links.length) attributes.show = shown.map((link) => link.value).join(" ");
  for (const { name, unit, input, output, undo } of fields(form)) {
    const own = set.has(name);
    if (own) properties[name] = input.value + unit;
    output.textContent = own ? properties[name] : "standard";
    undo.hidden = !own;
  }
  return { attributes, properties };
};

// reflect shows the colours that hold where none was chosen.
export const reflect = (form, colours) => {
  for (const { name, input } of fields(form)) if (!set.has(name) && colours[name]) input.value = colours[name];
};

export const apply = ({ attributes, properties }, widget) => {
  for (const name of widget.getAttributeNames()) if (!(name in attributes)) widget.removeAttribute(name);
  for (const [name, value] of Object.entries(attributes)) if (widget.getAttribute(name) !== value) widget.setAttribute(name, value);
  for (const [name, value] of Object.entries(properties)) widget.style.setProperty(name, value);
};
