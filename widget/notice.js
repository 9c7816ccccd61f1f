const tags = "h2 h3 h4 p ul ol li dl dt dd a strong em b i br blockquote address abbr time table thead tbody tr th td".split(" ");
const attributes = "href lang dir translate datetime".split(" ");

// build makes the elements of a tree written by notice.go: a string, or [tag, attributes?, ...children]. What is not
// on the lists is left out, whatever the file says.
const build = (tree, page) => {
  if (typeof tree === "string") return tree;
  const [tag, ...rest] = tree;
  if (!tags.includes(tag)) return "";
  const made = document.createElement(tag);
  for (const child of rest) {
    if (typeof child === "string" || Array.isArray(child)) made.append(build(child, page));
    else for (const name of attributes) if (name in child) attribute(made, name, child[name], page);
  }
  return made;
};

// Relative links are meant from the notice's own page.
const attribute = (made, name, value, page) => {
  if (name === "href") {
    const address = new URL(value, page);
    if (!/^(https?|mailto|tel):$/.test(address.protocol)) return;
    value = address.href;
  }
  made.setAttribute(name, value);
};

// openNotice is called with the parts of the second stage it draws with.
export const openNotice = ({ Dialog }, widget, form, notice, page) => {
  const dialog = new Dialog(widget, form, notice);
  dialog.content.classList.add("rc-prose");
  dialog.title(notice.title);
  dialog.content.append(...notice.nodes.map((tree) => build(tree, page)));
  dialog.open();
};
