// Everything is made with createElement: innerHTML is forbidden where Trusted Types are enforced.

// element makes one element: element("p.rc-hint", {id: "x"}, "text"). Attributes that are functions become properties
// (onclick); false, null, undefined and "" leave an attribute or a child out, true sets an attribute without a value.
export const element = (name, attributes, ...children) => {
  const [tag, look] = name.split(".");
  const made = document.createElement(tag);
  if (look) made.className = look;
  for (const [key, value] of Object.entries(attributes || {})) {
    if (typeof value === "function") made[key] = value;
    else if (value) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter(Boolean));
  return made;
};

// press is a button with a look.
export const press = (look, label, onclick, type = "button") => element("button." + look, { type, onclick }, label);

// fill puts values into the places of a text: fill("Write to {email}", {email: "a@b.example"}).
export const fill = (text, values) => text.replace(/{(\w+)}/g, (place, name) => values[name] ?? place);
