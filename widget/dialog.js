import { element } from "./element.js";

let current; // the dialog that is open

// showing says whether a dialog is open already: nobody can see two. One whose place in the page was moved or thrown
// away is not open any more.
export const showing = () => {
  if (current?.node.matches(":modal")) return true;
  current?.closed();
};

// A dialog inside display:none or closed details opens without a box and leaves a dead page behind, so a widget that
// cannot be seen lends its look to a twin at the end of the page.
const visible = (widget) => {
  if (widget.checkVisibility?.() ?? widget.getClientRects().length) return widget;
  const twin = widget.cloneNode(false);
  twin.removeAttribute("id");
  twin.setAttribute("show", "");
  document.body.append(twin);
  return twin;
};

// A registered colour is reckoned once for the dialog, and not for every element that has it.
const register = (name) => {
  try {
    CSS.registerProperty({ name, syntax: "<color>", inherits: true, initialValue: "#000" });
  } catch {} // it is there already, or cannot be
};

// The styles are read while the definition is still on its way.
const sheet = (() => {
  try {
    const made = new CSSStyleSheet();
    made.replaceSync(STYLE);
    return made;
  } catch {} // the link that loader.js has put there covers the dialog too
})();

const dress = (root) => {
  ["--rc-text", "--rc-muted", "--rc-bad"].forEach(register);
  if (sheet && !root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
};

// The shop's shortcuts must not fire while people type: its listeners see our host as the target, not the input.
const quiet = (node) => {
  for (const type of ["keydown", "keypress", "keyup", "copy", "cut", "paste", "selectstart", "dragstart", "dragover", "drop"]) {
    node.addEventListener(type, (event) => event.stopPropagation());
  }
};

// Dialog is a native modal dialog with a heading, a close button and one view at a time.
export class Dialog {
  constructor(widget, form, { lang, dir, words }, returnFocus) {
    this.widget = widget;
    this.form = form;
    this.returnFocus = returnFocus;
    this.heading = element("h1", { id: "rc-title", tabindex: -1, autofocus: true });
    this.content = element("div.rc-content");
    this.foot = element("div");
    this.status = element("p.rc-status", { role: "status" });
    // The heading comes before the button: VoiceOver starts reading at the first of them.
    this.node = element("dialog", { part: "dialog", lang, dir, "aria-labelledby": "rc-title", onclose: () => this.closed() },
      element("div.rc-bar", null, this.heading,
        element("button.rc-close", { type: "button", part: "close", "aria-label": words.close, onclick: () => this.close() }, "\u00d7")),
      this.content, this.foot, this.status);
    quiet(this.node);
  }

  open() {
    const { widget, node } = this;
    this.host = visible(widget);
    dress(this.host.shadowRoot);
    this.host.shadowRoot.append(node);
    widget.dialog = current = this;
    node.showModal();
    this.announce("open");
  }

  // view replaces what is shown and takes the focus to its heading, or to the heading of a further step.
  view(title, content, focus) {
    this.title(title);
    this.say();
    this.content.replaceChildren(...content.filter(Boolean));
    this.node.scrollTop = 0;
    (focus || this.heading).focus();
  }

  // title names the dialog; spoken is its name where that differs from what is seen.
  title(title, spoken) {
    this.heading.textContent = title;
    this.node.setAttribute(spoken ? "aria-label" : "aria-labelledby", spoken || "rc-title");
    this.node.removeAttribute(spoken ? "aria-labelledby" : "aria-label");
  }

  say(text = "") {
    this.status.textContent = text;
  }

  // announce tells the shop's page what happens, never to whom: tag managers listen.
  announce(name) {
    this.widget.dispatchEvent(new CustomEvent("recourse-" + name, { bubbles: true, composed: true, detail: { form: this.form } }));
  }

  close() {
    this.node.close();
  }

  closed() {
    const { widget, host, node } = this;
    current = widget.dialog = null;
    node.remove();
    if (host !== widget) host.remove();
    this.returnFocus?.focus();
    // The browser has given the focus back unless the opener is gone; then the row is the next best place.
    if (document.activeElement === document.body) widget.shadowRoot?.querySelector("a")?.focus();
    this.announce("close");
  }
}
