// The pasted script. It draws a row of real links into <recourse-widget> and, on intent only, loads the second
// stage (forms.js) with the form's definition. Everything that can fail ends at the linked page.
//
//   <recourse-widget><a href="https://shop.example/legal/">Complaints, withdrawal, disputes</a></recourse-widget>
//   <script async src="https://shop.example/legal/recourse.js"></script>
//
// The script alone is enough: the row then stands before it, or at the end of the page if it is in the head; its
// data-* attributes become those of the element.
//
//   lang, country      which locale; without them the nearest lang of the page, and the country of the domain that the script
//                      is from, else the shop's own
//   show               "withdrawal complaint disputes", which links to show; "" for none
//   name, email, order filled in beforehand, as for a customer who is logged in
//   theme              "light", "dark", or "auto" for the visitor's choice; without it that of the page
//
// A link of the page's own, such as <a data-recourse="withdrawal" href="https://shop.example/legal/en-DE/withdrawal/">,
// opens the form instead of being followed, wherever and whenever it is in the page. All settings may change later.
//
// Methods: open("complaint", {prefill: {name, email, contract}, returnFocus: element}) and close(). There is no global;
// who cannot know whether the script is here yet asks the browser, which answers at once or later:
//
//   customElements.whenDefined("recourse-widget").then(() => document.querySelector("recourse-widget").open("withdrawal"))
//
// Events: recourse-open, recourse-submit, recourse-close, with {form} as detail and nothing about the visitor.
//
// CONFIG and STYLE are filled in by bundle.go. CONFIG.locales lists the shop's locales, the default first:
// {"de-DE": {withdrawal: [label, hash], complaint: [label, hash], disputes: [label, hash]}}; without a hash the
// link is only a link, without an entry there is none. HOMES are the addresses of locales with a domain of their own,
// {"de-AT": "https://shop.example.at/recht/"}: their pages are linked there. What the widget loads comes from where the script
// is from. Most shops have one domain only: HOMES is then null, and the bundler leaves out what asks for it.
(() => {
  const name = "recourse-widget";
  const { locales, stage } = CONFIG, tags = Object.keys(locales);
  const warn = (...words) => console.warn("recourse:", ...words);

  // currentScript is null in modules and callbacks, and any <img name="currentScript"> replaces it.
  const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript : null;
  // A script that was renamed or joined with others by an optimiser says nothing about our address.
  const base = /recourse\.(\w+\.)?js/.test(script?.src) ? new URL(".", script.src).href : CONFIG.base;

  // A tag alone is enough: without a place of its own the widget stands where the script stands.
  let made;
  const mount = (script) => {
    if (document.readyState === "loading") return addEventListener("DOMContentLoaded", () => mount(script));
    if (document.querySelector(name)) return;
    if (!made) {
      made = document.createElement(name);
      for (const [key, value] of Object.entries(script?.dataset || {})) made.setAttribute(key, value);
    }
    if (document.body.contains(script)) script.before(made);
    else document.body.append(made);
  };

  // Pasted twice, or run again by a page that swaps its body: the first copy serves all.
  const first = customElements.get(name);
  if (first) {
    if (first.stage != stage) warn("two versions");
    return first.mount(script);
  }

  // Pages that draw themselves anew lose what they have not made. It is put back, unless they do so again and again.
  let patience = 9;
  const remount = () => {
    if (!made || document.querySelector(name)) return;
    setTimeout(() => patience++, 9000);
    if (patience-- > 0) mount(script);
    else warn("removed too often");
  };

  // A language tag in its parts; the two written forms of Norwegian are served by one.
  const parts = (tag) => tag.toLowerCase().replace(/^n[bn]\b/, "no").split(/[-_]/);

  // The country decides on the law, so an explicit country weighs more than the language, the shop's own less. Without one, the
  // domain that the script is from has only its own locales.
  const localeOf = (widget) => {
    const [lang] = parts((widget.closest("[lang]") || document.documentElement).lang);
    const country = widget.getAttribute("country")?.toLowerCase();
    const [, home] = parts(tags[0]);
    const fit = ([l, c]) => 2 * (l === lang) + (country ? 3 * (c === country) : c === home);
    let near = tags;
    if (HOMES && !country) {
      const own = tags.filter((tag) => (HOMES[tag] || CONFIG.base) === base);
      if (own.length) near = own;
    }
    return [...near].sort((a, b) => fit(parts(b)) - fit(parts(a)))[0];
  };

  let loaded = {}, again = ""; // Firefox remembers what it could not import, by its whole address
  const warm = (tag, form) => Promise.all([
    import(base + "assets/" + stage + again),
    loaded[tag + form] ||= fetch(base + tag + "/" + form + "." + locales[tag][form][1] + ".json").then((answer) => answer.json()),
  ]);
  const pageOf = (tag, form) => (HOMES ? HOMES[tag] || CONFIG.base : base) + tag + "/" + form.replace("nt", "nts") + "/"; // a complaint is on the page complaints

  const style = (root) => {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet];
    } catch {
      const link = document.createElement("link");
      link.rel = "stylesheet";
      link.href = base + "assets/" + CONFIG.style;
      root.append(link);
    }
    return root;
  };

  const draw = (tag, form) => {
    const item = document.createElement("li"), link = document.createElement("a"), [label, hash] = locales[tag][form];
    link.append(label);
    link.href = pageOf(tag, form);
    link.part = "link " + form;
    if (hash) link.ariaHasPopup = "dialog";
    link.dataset.recourse = form;
    item.append(link);
    return item;
  };

  class Widget extends HTMLElement {
    static observedAttributes = ["country", "lang", "show"];
    static mount = mount;
    static stage = stage;

    connectedCallback() {
      const row = this.row ||= style(this.attachShadow({ mode: "open" })).appendChild(document.createElement("ul"));
      const shown = this.getAttribute("show")?.split(/\s+/), tag = localeOf(this);
      for (const word of [this.getAttribute("country"), ...shown || []]) {
        if (word && !locales[tag][word] && !tag.endsWith(word.toUpperCase())) warn("not offered:", word);
      }
      row.part = "row";
      row.lang = tag;
      row.dir = CONFIG.rtl.includes(tag) ? "rtl" : "ltr";
      row.role = "list"; // Safari drops the role with the bullets
      row.replaceChildren(...Object.keys(locales[tag]).filter((form) => !shown || shown.includes(form)).map((form) => draw(tag, form)));
    }

    disconnectedCallback() {
      setTimeout(remount, 200);
    }

    attributeChangedCallback() {
      if (this.row) this.connectedCallback();
    }

    async open(form, options) {
      const tag = localeOf(this), page = pageOf(tag, form);
      if (!locales[tag][form]) return warn("not offered:", form);
      if (Widget.opening) return;
      Widget.opening = true;
      try {
        // A server that never answers must not keep anybody from the form.
        const [stage, definition] = await Promise.race([warm(tag, form), new Promise((done, fail) => setTimeout(fail, 10000, "late"))]);
        await stage.open(this, form, definition, page, options);
      } catch (error) {
        warn("no dialog", error);
        location.href = page;
      }
      Widget.opening = false;
    }

    close() {
      this.dialog?.close();
    }
  }

  // Links are heard at the window, those of rows and those of the page, whenever they come. A touch is a pointerover
  // before it is a press.
  const heard = (event) => {
    const path = event.composedPath(), link = path.find((node) => node.dataset?.recourse);
    const widget = path.find((node) => node.localName === name) || document.querySelector(name);
    if (!link || !widget) return;
    const form = link.dataset.recourse, tag = localeOf(widget);
    if (!locales[tag][form]?.[1]) return;
    if (event.type !== "click") warm(tag, form).catch(() => (loaded = {}, again += "#"));
    else if (!(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)) {
      event.preventDefault();
      widget.open(form, { returnFocus: link });
    }
  };
  for (const type of ["pointerover", "focusin", "click"]) addEventListener(type, heard, true);

  customElements.define(name, Widget);
  mount(script);
})();
