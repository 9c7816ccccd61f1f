// Put into pages by `recourse watch` only. Renews the page after a build that changed it, as little of it as will do; shows
// what is wrong after a failed one. Styles are set through the object model, since the policy of the pages allows no other.
(() => {
  const { events, session, text, build: first } = document.currentScript.dataset;
  let build = Number(first), stream, retry, leaving;

  // A browser opens six connections to one server at most, and each one that follows a build is taken for good: only
  // pages that somebody sees have one. What they missed they are told when they are seen again.
  const follow = () => {
    rest();
    stream = new EventSource(`${events}?build=${build}`);
    stream.onmessage = (event) => take(JSON.parse(event.data)).catch(console.warn);
    stream.onerror = () => { rest(); retry = setTimeout(follow, 500); };
  };
  const rest = () => { stream?.close(); clearTimeout(retry); };

  const take = async (state) => {
    if (state.mistakes) return show(state);
    overlay?.close();
    const { written = [], removed = [] } = state;
    if (state.session !== session) return state.build && reload(); // another server
    if (removed.includes(own)) return leave(removed);
    if (written.some((file) => used().includes(file))) return reload();
    if (written.includes(own)) await renew();
    for (const link of stylesheets()) if (written.includes(fileOf(link.href))) restyle(link, `${link.href.split("?")[0]}?build=${state.build}`);
    build = state.build;
  };

  // fileOf is the file behind an address of this server.
  const fileOf = (address) => {
    const url = new URL(address, location.href);
    return url.origin === location.origin ? decodeURIComponent(url.pathname).slice(1).replace(/(^|\/)$/, "$1index.html") : undefined;
  };
  const own = fileOf(location.href);
  const stylesheets = () => [...document.querySelectorAll("link[rel=stylesheet]")];
  const used = () => performance.getEntriesByType("resource").map((entry) => fileOf(entry.name)).filter((file) => file && !file.endsWith(".css"));

  // renew changes the stylesheets where nothing else has changed.
  const renew = async () => {
    const page = await (await fetch(location.href, { cache: "no-store" })).text();
    const links = stylesheets(), found = (page.match(/<link [^>]*rel="?stylesheet[^>]*>/gi) ?? []).map((link) => /href="?([^"\s>]+)/.exec(link)[1]);
    if (!page.includes(`data-text="${text}"`) || links.length !== found.length) return reload();
    links.forEach((link, i) => link.getAttribute("href") !== found[i] && restyle(link, found[i]));
  };

  // restyle keeps the old styles until the new ones are there.
  const restyle = (link, address) => {
    const next = link.cloneNode();
    next.href = address;
    next.onload = next.onerror = () => link.remove();
    link.after(next);
  };

  const leave = (removed) => {
    const index = [`${own.split("/")[0]}/index.html`, "index.html"].find((file) => file !== own && !removed.includes(file)) ?? "index.html";
    rest();
    location.replace("/" + index.replace(/index\.html$/, ""));
  };

  // What the reader sees and has typed outlives the reload.
  const kept = "live:" + location.pathname;
  const reload = () => {
    if (leaving) return;
    leaving = true;
    rest();
    try {
      sessionStorage.setItem(kept, JSON.stringify({ place: place(), open: opened(), typed: typed(), focus: document.activeElement?.id }));
      history.scrollRestoration = "manual";
    } catch { /* a page that may not keep anything */ }
    location.reload();
  };

  // each gives elements with a key that the next page has too.
  const each = (selector, name) => {
    const count = {};
    return [...document.querySelectorAll(selector)].map((element) => {
      const key = name(element);
      count[key] = (count[key] ?? 0) + 1;
      return [`${key} ${count[key]}`, element];
    });
  };

  // place is what the reader reads: the nearest thing with a name, since what stands before may grow or shrink.
  const place = () => {
    const near = [...document.querySelectorAll("body [id]")].filter((element) => element.getClientRects().length).map((element) => [element.id, element.getBoundingClientRect().top])
      .sort((a, b) => Math.abs(a[1]) - Math.abs(b[1]))[0];
    return { x: scrollX, y: scrollY, near };
  };
  const goTo = ({ x, y, near }) => {
    const element = near && document.getElementById(near[0]);
    scrollTo({ left: x, top: element && y ? scrollY + element.getBoundingClientRect().top - near[1] : y, behavior: "instant" });
  };

  const details = () => each("details", (element) => element.id || element.querySelector("summary")?.textContent);
  const opened = () => Object.fromEntries(details().map(([key, element]) => [key, element.open]));

  const fields = () => each("input:not([type=password], [type=file], [type=hidden]), textarea, select",
    (field) => [field.type, field.id, field.name, /^(radio|checkbox)$/.test(field.type) ? field.value : ""].join(" "));
  const typed = () => Object.fromEntries(fields().map(([key, field]) => [key, answer(field)]).filter(([, value]) => value !== undefined));
  const answer = (field) => {
    if (field.options) return [...field.options].map((option) => option.selected);
    if (/^(radio|checkbox)$/.test(field.type)) return field.checked !== field.defaultChecked ? field.checked : undefined;
    return field.value !== field.defaultValue ? field.value : undefined;
  };
  const enter = (field, value) => {
    if (field.options) [...field.options].forEach((option, i) => { option.selected = value[i] ?? option.selected; });
    else if (typeof value === "boolean") field.checked = value;
    else field.value = value;
  };

  const restore = ({ place, open, typed, focus }) => {
    for (const [key, element] of details()) element.open = open[key] ?? element.open;
    for (const [key, field] of fields()) if (key in typed) enter(field, typed[key]);
    document.getElementById(focus)?.focus({ preventScroll: true });
    goTo(place);
    addEventListener("load", () => { goTo(place); history.scrollRestoration = "auto"; }, { once: true });
  };

  let overlay, shown = 0;
  const show = (state) => {
    overlay ??= makeOverlay();
    if (state.failure === shown) return; // closed by the reader, perhaps
    shown = state.failure;
    overlay.querySelector("ul").replaceChildren(...state.mistakes.map(item));
    if (!overlay.open) overlay.showModal();
  };

  const make = (name, properties, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };
  const item = ({ file, line, column, problem, excerpt, at }) => {
    const parts = [make("p", {}, ...(file ? [make("b", {}, line ? `${file}:${line}:${column}` : file), " "] : []), problem)];
    if (excerpt) parts.push(make("pre", {}, excerpt + "\n" + excerpt.slice(0, at ?? 0).replace(/[^\t]/g, " ") + "^"));
    return make("li", {}, ...parts);
  };
  const makeOverlay = () => {
    const close = make("button", { type: "button", autofocus: true, onclick: () => dialog.close() }, "Close");
    const dialog = make("dialog", { lang: "en", dir: "ltr", role: "alertdialog" },
      make("h1", { id: "title" }, "The build failed: these are the last good pages"), make("ul", { id: "list" }), close);
    dialog.setAttribute("aria-labelledby", "title");
    dialog.setAttribute("aria-describedby", "list");
    const root = document.body.appendChild(document.createElement("div")).attachShadow({ mode: "open" }), sheet = new CSSStyleSheet();
    sheet.replaceSync(look);
    root.adoptedStyleSheets = [sheet];
    return root.appendChild(dialog);
  };
  const look = `
    dialog { box-sizing: border-box; max-inline-size: min(64rem, 96vw); padding: 1.5rem; border: 0; border-block-start: 6px solid #e5484d;
      font: 1rem/1.5 system-ui, sans-serif; color: #f5f5f5; background: #22201f; }
    dialog::backdrop { background: rgb(0 0 0 / 60%); }
    h1 { margin: 0; font-size: 1.25rem; }
    ul { margin: 0; padding: 0; list-style: none; }
    p { margin: 1rem 0 0; overflow-wrap: anywhere; white-space: pre-wrap; }
    pre { margin: .5rem 0 0; padding: .5rem; overflow-x: auto; font: .875rem/1.4 ui-monospace, monospace; background: #0008; tab-size: 4; }
    button { min-block-size: 2.75rem; margin-block-start: 1.5rem; padding: 0 1.5rem; border: 1px solid #f5f5f5; font: inherit; color: inherit; background: none; }
    button:focus-visible { outline: 3px solid #ffd166; outline-offset: 2px; }`;

  try {
    const state = JSON.parse(sessionStorage.getItem(kept));
    sessionStorage.removeItem(kept);
    if (state) restore(state);
  } catch { /* nothing kept, or nothing that can be read */ }
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : follow()));
  addEventListener("pagehide", rest);
  addEventListener("pageshow", (event) => { if (event.persisted) follow(); });
  if (!document.hidden) follow();
})();
