// The widget on pages that do what real shops do: e2e/hosts/ has a file for each, which says what it stands for. Every
// page is used as a visitor would: the link is seen and pressed, a name typed, a mistake made and found, and the form
// left again; and the page must be as it was before we came.
import assert from "node:assert/strict";
import test from "node:test";
import { emulate, inBrowsers, settled } from "./browsers.mjs";
import { pages, serve } from "./hosts/gallery.mjs";
import { shared, sleep, until } from "./harness.mjs";

const only = process.env.HOSTS?.split(",");

inBrowsers("host pages", (browser, browserName) => {
  let program, shop;
  test.before(async () => { program = await shared(); shop = await serve(program); });
  test.after(() => shop?.stop());

  for (const page of pages.filter(({ name }) => !only || only.includes(name))) {
    const skip = page.only && page.only !== browserName && "only in " + page.only;
    test(`${page.name}: ${page["must hold"]}`, { skip, todo: page.todo, timeout: page.todo ? 10_000 : 60_000 }, async (t) => {
      const [width, height] = (page.viewport || "1280x900").split("x").map(Number);
      const visitor = await browser().visitor(t, { width, height });
      if (page.emulate) await emulate(visitor.page, page.emulate);
      const visit = new Visit(page, visitor, program, shop.origin);
      await visit.bare();
      await (walks[page.name] || walks[page.ends] || walks.form)(visit);
      await visit.nothingElseChanged();
    });
  }
});

// Visit is one look at one page. Puppeteer's ">>>" goes through shadow roots.
class Visit {
  constructor(host, visitor, program, origin) {
    Object.assign(this, { host, visitor, program, origin, page: visitor.page });
    this.label = host.label || "Withdraw from contract here";
  }

  // bare sees the page without us, to know later what is ours.
  async bare() {
    await this.visitor.goto(`${this.origin}/bare/${this.host.name}`);
    this.before = await this.page.evaluate(fingerprint);
    this.visitor.seen.errors.length = 0;
  }

  async goto() {
    await this.visitor.goto(`${this.origin}/${this.host.name}`);
    this.hash = await this.page.evaluate(() => location.hash);
  }

  find(selector) {
    return this.visitor.wait(selector, () => this.page.$(selector).catch(() => null));
  }

  link() {
    return this.find(">>> [part~=withdrawal]");
  }

  dialog() {
    return this.find(">>> [part=dialog]:modal");
  }

  async row() {
    const link = await this.link();
    const looks = await link.evaluate(look);
    assert.equal(looks.text, this.label);
    assert.deepEqual(looks.wrong, []);
    return link;
  }

  async press() {
    if (this.host["opened by"] === "script") return this.page.evaluate(() => void document.querySelector("recourse-widget").open("withdrawal"));
    await this.click(await this.link());
  }

  // click presses the middle of a thing, of its first line if it has many. The driver's own click misjudges the window in
  // quirks mode.
  async click(thing) {
    const { x, y } = await thing.evaluate((element) => {
      element.scrollIntoView({ block: "nearest", behavior: "instant" });
      const [{ left, top, width, height }] = element.getClientRects();
      return { x: left + width / 2, y: top + height / 2 };
    });
    await this.page.mouse.click(x, y);
  }

  async open() {
    await this.press();
    const dialog = await this.dialog();
    await Promise.race([settled(this.page), sleep(2000)]); // what is not drawn never settles
    assert.deepEqual(await dialog.evaluate(standsInView), []);
    return dialog;
  }

  name() {
    return this.find(">>> [part=dialog]:modal input[autocomplete=name]");
  }

  // Letters and signs that shops use as shortcuts.
  async type(text = "Jkos gnc? /Sasha") {
    const box = await this.name();
    await this.click(box);
    await this.page.keyboard.type(text);
    assert.equal(await box.evaluate((input) => input.value), text, "what was typed is in the field");
  }

  async draftIs(text) {
    assert.equal(await (await this.name()).evaluate((input) => input.value), text, "the draft is kept");
  }

  // still waits until a thing stays where it is: with the first key a line comes at the foot of the dialog.
  async still(thing) {
    let last;
    await until("the button to stay where it is", async () => {
      const before = last;
      last = JSON.stringify(await thing.boundingBox());
      return last === before;
    }, { every: 150 });
    return thing;
  }

  // mistake sends too little and follows a link of the summary to its field.
  async mistake() {
    await this.click(await this.still(await this.find(">>> [part=dialog]:modal button[type=submit]")));
    const link = await this.find(">>> [part=dialog]:modal [role=group]:focus a");
    const field = await link.evaluate((a) => a.getAttribute("href").slice(1));
    await this.click(link);
    await this.visitor.wait("the focus on " + field, async () => (await this.page.evaluate(focused)) === field);
    assert.equal(await this.page.evaluate(() => location.hash), this.hash, "the address stays");
  }

  async close() {
    await this.page.keyboard.press("Escape");
    await this.visitor.wait("the dialog to be gone", async () => !(await this.page.$(">>> [part=dialog]")));
    if (this.host["opened by"] !== "script") assert.match(await this.page.evaluate(focused), /link withdrawal/, "the focus is back on the link");
  }

  async send() {
    for (const [field, text] of [["contract", "4711"], ["email", "ada@example.com"]]) {
      await this.click(await this.find(`>>> [part=dialog]:modal input[name=${field}]`));
      await this.page.keyboard.type(text);
    }
    await this.click(await this.find(">>> [part=dialog]:modal button[type=submit]"));
    await this.find(">>> [part=dialog]:modal dl");
    await this.click(await this.find(">>> [part=dialog]:modal button[type=submit]"));
    await this.visitor.reads("Your withdrawal has been received");
  }

  rows() {
    return this.page.$$("recourse-widget >>> [part~=row]").then((rows) => rows.length);
  }

  // tell sends the page an event that its own script waits for.
  tell(event) {
    return this.page.evaluate((event) => void document.dispatchEvent(new Event(event)), event);
  }

  told(pattern) {
    return this.visitor.seen.errors.filter((line) => pattern.test(line)).length;
  }

  // onItsPage waits for the page that needs no script.
  async onItsPage() {
    const address = `/${this.host.locale || "en-DE"}/withdrawal/`;
    await this.visitor.wait(address, () => this.page.url().endsWith(address));
    await this.visitor.sees("heading", /withdraw/i);
    this.left = true;
  }

  // nothingElseChanged compares the page with itself without us, and listens to what it has to say: pages note in
  // data-wrong what should not have happened to them.
  async nothingElseChanged() {
    if (!this.left) {
      const after = await this.page.evaluate(fingerprint);
      for (const what of Object.keys(this.before)) assert.deepEqual(after[what].filter((one) => !this.before[what].includes(one)), [], "new " + what);
      assert.equal(await this.page.evaluate(() => document.documentElement.dataset.wrong ?? ""), "");
    }
    await this.visitor.calm(this.host.allow.map((line) => new RegExp(line)));
  }
}

// What is done on a page: by its name, by how it ends, or else what is done on most.
const walks = {
  async form(visit) {
    await visit.goto();
    await walks.used(visit);
  },

  async used(visit) {
    if (!visit.host.skip.includes("row")) await visit.row();
    await visit.open();
    await visit.type();
    await visit.mistake();
    await visit.close();
  },

  async fallback(visit) {
    await visit.goto();
    await visit.row();
    await visit.press();
    await visit.onItsPage();
  },

  // Policies that only some browsers know.
  async either(visit) {
    await visit.goto();
    await visit.row();
    await visit.press();
    await visit.visitor.wait("form or page", async () => visit.page.url().endsWith("/withdrawal/") || visit.page.$(">>> [part=dialog]:modal").catch(() => null));
    if (visit.page.url().endsWith("/withdrawal/")) return visit.onItsPage();
    await visit.type();
    await visit.close();
  },

  async sent(visit) {
    await visit.goto();
    await visit.open();
    await visit.type();
    await visit.send();
    await visit.close();
  },

  async consent(visit) {
    await visit.goto();
    await visit.page.waitForSelector("#box", { hidden: true });
    await walks.used(visit);
  },

  async "tag-twice"(visit) {
    await walks.form(visit);
    assert.equal(await visit.rows(), 2);
  },

  async "script-joined"(visit) {
    await walks.form(visit);
    assert.equal(await visit.page.title(), "joined", "what stands behind us in the file has run");
  },

  async "versions-two"(visit) {
    await walks.form(visit);
    assert.equal(await visit.rows(), 1);
    assert.equal(visit.told(/two versions/), 1);
  },

  async "spa-body"(visit) {
    await visit.goto();
    await visit.open();
    await visit.type("Ada");
    for (const [turn, act] of [["visit", "open"], ["back", "closed"], ["visit", "closed"], ["back", "open"]]) {
      if (act === "closed") await visit.close();
      await visit.tell(turn);
      await sleep(400);
      await visit.row();
      assert.equal(await visit.rows(), 1, "rows after " + turn);
      await visit.open();
      await visit.draftIs("Ada");
    }
    await visit.close();
  },

  async "spa-root"(visit) {
    await visit.goto();
    for (let i = 0; i < 3; i++) {
      await visit.row();
      assert.equal(await visit.rows(), 1);
      await visit.open();
      if (i) await visit.draftIs("Ada");
      else await visit.type("Ada");
      await visit.close();
      await visit.tell("visit");
      await sleep(400);
    }
  },

  async "spa-owned"(visit) {
    await walks.form(visit);
    await visit.tell("visit");
    await sleep(600);
    assert.equal(await visit.rows(), 0);
    await visit.tell("back");
    await visit.row();
    await visit.open();
    await visit.draftIs("Jkos gnc? /Sasha");
    await visit.tell("visit"); // with the dialog open
    await sleep(600);
    await visit.tell("back");
    await visit.open();
    await visit.draftIs("Jkos gnc? /Sasha");
    await visit.close();
  },

  async storm(visit) {
    await visit.goto();
    const removed = () => visit.page.evaluate(() => window.removed);
    await until("the row to be given up", () => visit.told(/recourse: .*removed/));
    const times = await removed();
    assert.ok(times > 1 && times < 20, `put back ${times} times`);
    await sleep(1000);
    assert.equal(await removed(), times, "given up for good");
    assert.equal(visit.told(/recourse:/), 1, "one line in the console");
  },

  async clones(visit) {
    await visit.goto();
    assert.equal(await visit.rows(), 2);
    await visit.page.evaluate(() => {
      for (const widget of document.querySelectorAll("recourse-widget")) for (const form of ["withdrawal", "complaint", "withdrawal"]) widget.open(form);
    });
    await visit.dialog();
    await sleep(500);
    assert.equal((await visit.page.$$(">>> [part=dialog]")).length, 1, "one dialog");
    await visit.page.evaluate(() => { for (const widget of document.querySelectorAll("recourse-widget")) widget.open("complaint"); });
    await sleep(300);
    assert.equal((await visit.page.$$(">>> [part=dialog]")).length, 1, "one dialog, later too");
    await visit.page.keyboard.press("Escape");
    await walks.form(visit);
    await (await visit.link()).evaluate((link) => { link.click(); link.click(); });
    await visit.dialog();
    assert.equal((await visit.page.$$(">>> [part=dialog]")).length, 1, "one dialog for a double press");
    await visit.page.evaluate(() => document.querySelector("recourse-widget").close());
    await until("the dialog to close by script", async () => !(await visit.page.$(">>> [part=dialog]")));
    await (await visit.find(">>> [part~=disputes]")).evaluate((link) => { link.click(); link.click(); });
    await visit.dialog();
    await sleep(300);
    assert.equal((await visit.page.$$(">>> [part=dialog]")).length, 1, "one notice for a double press");
    await visit.page.keyboard.press("Escape");
  },

  async bfcache(visit) {
    await visit.goto();
    await visit.open();
    await visit.type("Ada");
    await visit.close();
    await visit.visitor.goto(visit.origin + "/plain");
    await visit.page.evaluate(() => history.back());
    await visit.visitor.wait("the way back", () => visit.page.evaluate(() => location.pathname === "/bfcache").catch(() => false));
    await visit.row();
    const persisted = await visit.page.evaluate(() => document.documentElement.dataset.persisted === "true");
    await visit.open();
    if (persisted) await visit.draftIs("Ada");
    await visit.close();
    await visit.page.evaluate(() => document.documentElement.removeAttribute("data-persisted"));
  },

  async touch(visit) {
    await visit.goto();
    const { x, y } = await (await visit.row()).clickablePoint();
    const asked = (pattern) => visit.visitor.seen.requests.some((url) => pattern.test(url));
    const finger = await visit.page.touchscreen.touchStart(x, y);
    for (const file of [/forms\.\w+\.js$/, /withdrawal\.\w+\.json$/, /\.wasm$/]) await until("the request for " + file, () => asked(file));
    assert.equal(await visit.page.$(">>> [part=dialog]"), null, "not pressed yet");
    await finger.end();
    await visit.dialog();
    await visit.type();
    await visit.close();
  },

  async api(visit) {
    await visit.goto();
    await visit.dialog();
    await visit.draftIs("Ada Lovelace");
    await visit.page.keyboard.press("Escape");
    await until("the focus where the page wants it", async () => (await visit.page.evaluate(focused)) === "mine");
    assert.equal(await visit.page.title(), "open close");
    const address = visit.page.url();
    await visit.page.evaluate(() => document.querySelector("recourse-widget").open("refund"));
    assert.equal(visit.page.url(), address, "an unknown form leads nowhere");
    assert.equal(visit.told(/refund/), 1);
  },

  async narrow(visit) {
    await walks.form(visit);
    assert.ok(await visit.page.evaluate(() => document.scrollingElement.scrollWidth <= document.scrollingElement.clientWidth));
  },

  async "forced-colors"(visit) {
    await visit.goto();
    assert.ok(await visit.page.evaluate(() => matchMedia("(forced-colors: active)").matches));
    await visit.row();
    await visit.open();
    const bare = await visit.page.evaluate(() => {
      const root = document.querySelector("recourse-widget").shadowRoot;
      return Array.from(root.querySelectorAll("[part~=link], button, input:not([type=radio], [aria-hidden] *), dialog"))
        .filter((e) => e.getClientRects().length && !(parseFloat(getComputedStyle(e).borderTopWidth) > 0)).map((e) => e.outerHTML.slice(0, 90));
    });
    assert.deepEqual(bare.filter((html) => !/rc-link|rc-close/.test(html)), [], "without a border");
    await visit.page.keyboard.press("Tab");
    const outline = await visit.page.evaluate(() => {
      let e = document.activeElement;
      while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
      return getComputedStyle(e).outlineStyle;
    });
    assert.equal(outline, "solid", "the focus is seen");
    await visit.close();
  },

  async "reduced-motion"(visit) {
    await visit.goto();
    await visit.press();
    const dialog = await visit.dialog();
    assert.equal(await dialog.evaluate((e) => e.getRootNode().getAnimations().length), 0);
    await visit.type();
    await visit.mistake();
    assert.equal(await dialog.evaluate((e) => e.getRootNode().getAnimations().length), 0);
    await visit.close();
  },

  async dark(visit) {
    await visit.goto();
    await visit.row();
    const dialog = await visit.open();
    const light = () => dialog.evaluate((e) => getComputedStyle(e).backgroundColor === "rgb(255, 255, 255)");
    assert.equal(await light(), false, "the dialog of a dark page is dark");
    for (const [theme, expected] of [["light", true], ["dark", false], ["auto", true]]) {
      await visit.page.evaluate((theme) => document.querySelector("recourse-widget").setAttribute("theme", theme), theme);
      assert.equal(await light(), expected, "theme " + theme);
    }
    await visit.close();
  },

  async print(visit) {
    await visit.goto();
    await visit.row();
    await visit.press();
    const dialog = await visit.dialog();
    const cut = () => dialog.evaluate((e) => ({ overflow: getComputedStyle(e).overflowY, cut: e.scrollHeight > e.clientHeight + 2 }));
    assert.deepEqual(await cut(), { overflow: "visible", cut: false });
    await visit.type();
    await visit.close();
  },

  async "own-dialog"(visit) {
    await walks.form(visit);
    assert.equal(await visit.page.evaluate(() => document.getElementById("own").open), true);
  },

  async "text-spacing"(visit) {
    await visit.goto();
    const space = () => visit.page.evaluate(() => {
      const sheet = new CSSStyleSheet(), { shadowRoot } = document.querySelector("recourse-widget");
      sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }");
      shadowRoot.adoptedStyleSheets = shadowRoot.adoptedStyleSheets.concat(sheet);
    });
    await visit.link();
    await space();
    assert.equal(await visit.page.evaluate(() => document.scrollingElement.scrollWidth > innerWidth), false);
    const dialog = await visit.open();
    await space();
    await visit.type();
    await visit.mistake();
    assert.deepEqual(await dialog.evaluate(cutOff), []);
    await visit.close();
  },

  async "links-adopted"(visit) {
    await visit.goto();
    await visit.page.waitForFunction(() => document.querySelector("recourse-widget:defined"));
    assert.equal(await visit.page.$("recourse-widget >>> [part~=link]"), null, "the row is not wanted");
    await visit.click(await visit.find("#strange"));
    assert.equal(await visit.page.evaluate(() => location.hash), "#strange", "what is not ours stays a link");
    await visit.goto();
    await visit.page.evaluate(() => addEventListener("click", (event) => {
      document.title = "prevented: " + event.defaultPrevented;
      event.preventDefault();
    }, { once: true }));
    await visit.page.keyboard.down("Control");
    await visit.click(await visit.find("#adopted"));
    await visit.page.keyboard.up("Control");
    assert.equal(await visit.page.title(), "prevented: false", "with a modifier key it is a link");
    await visit.click(await visit.find("#adopted"));
    await visit.dialog();
    await visit.type();
    await visit.mistake();
    await visit.page.keyboard.press("Escape");
    await until("the focus back on the link", async () => (await visit.page.evaluate(focused)) === "adopted");
  },

  async "show-misspelt"(visit) {
    await walks.form(visit);
    assert.deepEqual(await visit.page.evaluate(() => Array.from(document.querySelector("recourse-widget").shadowRoot.querySelectorAll("[part~=link]"), (a) => a.part[1])),
      ["withdrawal", "disputes"]);
    assert.equal(visit.told(/recourse:.*withdrawl/), 1);
  },
};
Object.assign(walks, { sandbox: walks.sent, "no-referrer": walks.sent, "prototype-js": walks.sent, zoomed: walks.narrow });

// fingerprint is what a page is by itself: its global names, the methods of what all scripts share, and its attributes.
const fingerprint = () => {
  const shared = { Object, Array, Function, String, Promise, Event, EventTarget, Node, Element, HTMLElement };
  const methods = [];
  for (const name of Object.keys(shared)) {
    const proto = shared[name].prototype;
    for (const key of Reflect.ownKeys(proto)) {
      const { value } = Object.getOwnPropertyDescriptor(proto, key);
      methods.push(`${name}.${String(key)} ${typeof value === "function" ? value : typeof value}`);
    }
  }
  const attributesOf = (element) => [].map.call(element.attributes, ({ name, value }) => `${element.localName} ${name}=${value}`);
  return {
    globals: Object.getOwnPropertyNames(window).filter((name) => !name.startsWith("__aria")), // the driver's
    methods,
    attributes: attributesOf(document.documentElement).concat(attributesOf(document.body)),
  };
};

// focused names what has the focus, wherever it is.
const focused = () => {
  let e = document.activeElement;
  while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
  return e.getAttribute("part") || e.id || e.localName;
};

// look lists what is not ours in the look of a link of the row.
const look = (link) => {
  const wrong = [], style = getComputedStyle(link), box = link.getBoundingClientRect();
  const expect = (what, ok) => { if (!ok) wrong.push(what); };
  const pixel = (...colours) => {
    const canvas = document.createElement("canvas").getContext("2d");
    for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
    return Array.from(canvas.getImageData(0, 0, 1, 1).data).slice(0, 3);
  };
  const luminance = (rgb) => rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  // Forced colours are in color, and only in use for the fill.
  const letters = matchMedia("(forced-colors: active)").matches ? style.color : style.webkitTextFillColor;
  const behind = luminance(pixel("#fff", style.backgroundColor)), front = luminance(pixel(style.backgroundColor, letters));
  const contrast = (Math.max(front, behind) + 0.05) / (Math.min(front, behind) + 0.05);
  expect(`contrast ${contrast} of ${letters} on ${style.backgroundColor}`, contrast >= 4.5);
  expect(`font-size ${style.fontSize}`, parseFloat(style.fontSize) >= 14 && parseFloat(style.fontSize) <= 24);
  expect(`box ${box.width} x ${box.height}`, box.width >= 24 && box.height >= 24 && box.height < 120);
  for (const [name, values] of Object.entries({
    letterSpacing: ["normal", "0px"], wordSpacing: ["normal", "0px"], textTransform: ["none"], textIndent: ["0px"], visibility: ["visible"],
    pointerEvents: ["auto"], whiteSpace: ["normal"], direction: ["ltr"], cursor: ["auto", "pointer"], fontStyle: ["normal"], writingMode: ["horizontal-tb"],
  })) expect(`${name} ${style[name]}`, values.includes(style[name]));
  link.scrollIntoView({ block: "center" });
  const { left, top, width, height } = link.getBoundingClientRect();
  expect("is covered or clipped", link.getRootNode().elementFromPoint(left + width / 2, top + height / 2) === link);
  return { text: link.innerText, wrong };
};

// cutOff lists texts that their box or the dialog does not show whole.
const cutOff = (dialog) => {
  const { left, right } = dialog.getBoundingClientRect();
  return Array.from(dialog.querySelectorAll("*"))
    .filter((e) => e.getClientRects().length && !e.closest(".rc-hidden, [aria-hidden=true]") && e.textContent)
    .filter((e) => {
      const box = e.getBoundingClientRect(), clips = getComputedStyle(e).overflowX !== "visible";
      return box.left < left || box.right > right || (clips && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1));
    }).map((e) => e.outerHTML.slice(0, 90));
};

// standsInView lists why a dialog could not be seen.
const standsInView = (dialog) => {
  const wrong = [], { left, top, width, height } = dialog.getBoundingClientRect();
  if (width < Math.min(300, innerWidth * 0.9) || height < Math.min(250, innerHeight * 0.9)) wrong.push(`its box is ${width} x ${height}`);
  if (left < -1 || top < -1 || left + width > innerWidth + 1 || top + height > innerHeight + 1) wrong.push(`it stands at ${left}, ${top}, ${width} x ${height}`);
  const hit = dialog.getRootNode().elementFromPoint(left + width / 2, top + height / 2);
  if (!dialog.contains(hit)) wrong.push(`${hit?.localName} lies over it`);
  if (dialog.scrollWidth > dialog.clientWidth) wrong.push(`it scrolls sideways: ${dialog.scrollWidth} in ${dialog.clientWidth}`);
  const style = getComputedStyle(dialog);
  if (style.visibility !== "visible" || style.opacity === "0") wrong.push("it is invisible");
  return wrong;
};
