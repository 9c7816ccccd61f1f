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
export const openNotice = (kit, widget, form, notice, page) => {
  const dialog = new kit.Dialog(widget, form, notice);
  const text = kit.element("div.rc-prose");
  const show = (nodes) => text.replaceChildren(...nodes.map((tree) => build(tree, page)));
  dialog.title(notice.title);
  dialog.content.append(...(notice.countries ? chooser(kit, notice, page, show) : []), text);
  show(notice.nodes);
  dialog.open();
};

// chooser asks for a country. Choosing alone changes nothing; the button shows the text, and keeps the focus.
const chooser = ({ element, fill }, { title, words, country, countries }, page, show) => {
  let latest; // who presses again does not wait for the country before
  const select = element("select.rc-input", { id: "rc-country" }, countries.map(({ code, name }) =>
    element("option", { value: code, selected: code === country }, name)));
  const said = element("p.rc-hint", { role: "status" });
  const press = async () => {
    const { name, file } = latest = countries[select.selectedIndex];
    const found = await nodesOf(file).catch(() => {});
    if (latest.file !== file) return;
    if (found) show(found);
    said.replaceChildren(...(found ? [fill(words.shown, { country: name })] : [
      fill(words["not-shown"], { country: name }), " ", element("a", { href: page, target: "_blank", rel: "noopener" }, title),
    ]));
  };
  return [element("div.rc-field", null, element("label.rc-label", { for: select.id }, words.country),
    element("div.rc-choose", null, select, element("button.rc-button rc-second", { type: "button", onclick: press }, words.show)), said)];
};

// nodesOf fetches the text for a country, which lies beside this script.
const nodesOf = async (file) => (await (await fetch(new URL(file, import.meta.url))).json()).nodes;
