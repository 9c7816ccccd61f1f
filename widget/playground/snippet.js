// What to paste for what is shown.
const escape = (value) => value.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");

// snippets are by id of the element that shows them. paste is integrity.json.
export const snippets = ({ attributes, properties }, paste, locale, pinned) => {
  const { tag, plain, pinned: fixed } = paste.snippets[locale];
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${escape(value)}"`).join("");
  const rules = Object.entries(properties).map(([name, value]) => `  ${name}: ${value};\n`).join("");
  return {
    html: (pinned ? fixed : tag).replace("<recourse-widget", () => "<recourse-widget" + written),
    css: rules ? `recourse-widget {\n${rules}}` : "/* Nothing: the standard look. */",
    plain,
  };
};
