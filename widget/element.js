// Everything is made with createElement: innerHTML is forbidden where Trusted Types are enforced.

// element makes one element. Functions become properties (onclick), other values attributes; false, null and
// undefined leave an attribute or a child out, true sets an empty attribute.
export const element = (tag, attributes, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (typeof value === "function") made[name] = value;
    else if (value || value === "") made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter(Boolean));
  return made;
};

// fill puts values into the places of a text: fill("Write to {email}", {email: "a@b.example"}).
export const fill = (text, values) => text.replace(/{(\w+)}/g, (place, name) => values[name] ?? place);
