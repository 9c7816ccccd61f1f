// The pasted script. It draws a row of real links into <recourse-widget> and, on intent only, loads the second
// stage (forms.js) with the form's definition. Everything that can fail ends at the linked page.
//
//   <recourse-widget><a href="https://shop.example/legal/">Complaints, withdrawal, disputes</a></recourse-widget>
//   <script async src="https://shop.example/legal/recourse.js"></script>
//
// The script alone is enough: the row then stands before it, or at the end of the page if it is in the head; its
// data-* attributes become those of the element.
//
//   lang, country      which locale; without them the nearest lang of the page and the shop's own country
//   show               "withdrawal complaint disputes", which links to show; "" for none
//   name, email, order filled in beforehand, as for a customer who is logged in
//   theme              "light", "dark", or "auto" for the visitor's choice; without it that of the page
//
// Methods: open("complaint"), close(). Events: recourse-open, recourse-submit, recourse-close, with {form} as detail.
//
// CONFIG and STYLE are filled in by bundle.go. CONFIG.locales lists the shop's locales, the default first:
// {"de-DE": {withdrawal: [label, hash], complaint: [label, hash], disputes: [label, hash]}}; without a hash the
// link is only a link, without an entry there is none.
(() => {
  const name = "recourse-widget";
  const pages = { withdrawal: "withdrawal", complaint: "complaints", disputes: "disputes" };
  const registry = Symbol.for("recourse");
  const tags = Object.keys(CONFIG.locales);
  // A language tag in its parts; the two written forms of Norwegian are served by one.
  const parts = (tag) => tag.toLowerCase().replace(/^n[bn]\b/, "no").split(/[-_]/);

  // currentScript is null in modules and callbacks, and any <img name="currentScript"> replaces it.
  const script = document.currentScript instanceof HTMLScriptElement && document.currentScript;
  // A script that was renamed or joined with others by an optimiser says nothing about our address.
  const base = script && /recourse\.js/.test(script.src) ? new URL(".", script.src).href : CONFIG.base;

  // A tag alone is enough: without a place of its own the widget stands where the script stands.
  const mount = (script) => {
    if (!document.body || document.querySelector(name)) return;
    const widget = document.createElement(name);
    if (script) for (const [key, value] of Object.entries(script.dataset)) widget.setAttribute(key, value);
    if (script && script.closest("body")) script.before(widget);
    else document.body.append(widget);
  };

  const first = window[registry];
  if (first) {
    // Pasted twice, or run again by a page that swaps its body: the first copy serves all.
    if (first.stage !== CONFIG.stage) console.warn("recourse: two versions on one page, the first is used");
    first.mount(script);
    return;
  }
  Object.defineProperty(window, registry, { value: { stage: CONFIG.stage, mount } });

  // The country decides on the law, so an explicit country weighs more than the language, the shop's own less.
  const localeOf = (widget) => {
    const lang = parts((widget.closest("[lang]") || document.documentElement).lang)[0];
    const country = widget.getAttribute("country");
    const home = parts(tags[0])[1];
    let best, high = -1;
    for (const tag of tags) {
      const [l, c] = parts(tag);
      const score = 2 * (l === lang) + (country ? 3 * (c === country.toLowerCase()) : c === home);
      if (score > high) [best, high] = [tag, score];
    }
    return best;
  };

  const pageOf = (tag, form) => base + tag + "/" + pages[form] + "/";
  const loaded = {};
  const load = (address) => loaded[address] ||= fetch(address).then((answer) => answer.json()).catch((error) => {
    delete loaded[address];
    throw error;
  });
  const warm = (tag, form) => Promise.all([
    import(base + "assets/" + CONFIG.stage),
    load(base + tag + "/" + form + "." + CONFIG.locales[tag][form][1] + ".json"),
  ]);

  // A server that never answers must not keep anybody from the form.
  const late = () => new Promise((done, fail) => setTimeout(fail, 10000, "late"));

  let sheet;
  const style = (root) => {
    try {
      if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet];
    } catch {
      const link = document.createElement("link");
      link.rel = "stylesheet";
      link.href = base + "assets/" + CONFIG.style;
      root.append(link);
    }
    return root;
  };

  class Widget extends HTMLElement {
    static observedAttributes = ["lang", "country", "show"];

    connectedCallback() {
      const root = this.shadowRoot || style(this.attachShadow({ mode: "open" }));
      const tag = localeOf(this);
      const row = root.querySelector("[part=row]") || root.appendChild(document.createElement("ul"));
      const show = this.getAttribute("show");
      const country = this.getAttribute("country");
      if (country && parts(tag)[1] !== country.toLowerCase()) console.warn("recourse: no such market:", country);
      row.lang = tag;
      row.dir = CONFIG.rtl.includes(tag) ? "rtl" : "ltr";
      row.part = "row";
      row.setAttribute("role", "list"); // Safari drops the role with the bullets
      row.replaceChildren(...Object.keys(CONFIG.locales[tag])
        .filter((form) => show === null || show.split(/\s+/).includes(form))
        .map((form) => this.entry(tag, form)));
    }

    attributeChangedCallback() {
      if (this.shadowRoot) this.connectedCallback();
    }

    entry(tag, form) {
      const item = document.createElement("li"), link = document.createElement("a");
      const [label, hash] = CONFIG.locales[tag][form];
      link.textContent = label;
      link.href = pageOf(tag, form);
      link.part = "link " + form;
      if (hash) {
        link.ariaHasPopup = "dialog";
        link.onpointerenter = link.onfocus = () => warm(tag, form).catch(() => {});
        link.onclick = (event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
          event.preventDefault();
          this.open(form);
        };
      }
      item.append(link);
      return item;
    }

    async open(form) {
      const tag = localeOf(this), page = pageOf(tag, form);
      if (!CONFIG.locales[tag][form]) return console.warn("recourse: no such form:", form);
      try {
        const [stage, definition] = await Promise.race([warm(tag, form), late()]);
        stage.open(this, form, definition, page);
      } catch (error) {
        console.warn("recourse: no dialog", error);
        location.href = page;
      }
    }

    close() {
      this.dialog?.close();
    }
  }

  if (!customElements.get(name)) customElements.define(name, Widget);
  const start = () => {
    mount(script);
    // Some sites change pages by swapping the body, and the widget with it.
    new MutationObserver(() => mount(script)).observe(document.documentElement, { childList: true });
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})();
