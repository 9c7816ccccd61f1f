// A person at a browser: finds things by what they are and what they are called, on pages and inside open shadow
// roots, and reaches them with the keyboard. What a modal dialog makes unreachable is not found.
import assert from "node:assert/strict";
import { until } from "./harness.mjs";

export class Person {
  constructor(page, seen) {
    this.page = page;
    this.seen = seen;
  }

  goto(address) {
    return this.page.goto(address, { waitUntil: "load" });
  }

  // look lists what is there now, as plain data: {role, name, text, value, checked, href, group, describedBy, invalid, …}.
  look(role, name) {
    return this.page.evaluate(survey, role, ...pattern(name));
  }

  // find waits for one thing and returns its handle.
  async find(role, name) {
    return this.wait(`a ${role} named ${name}`, async () => {
      const handle = await this.page.evaluateHandle(survey, role, ...pattern(name), true).catch(interrupted);
      return handle?.asElement();
    });
  }

  // wait is until, with what there is to see and to know where it waited in vain.
  async wait(what, ask) {
    return until(what, ask).catch(async (error) => {
      const { errors, failed } = this.seen;
      throw new Error([`${error.message}; ${this.page.url()} says:`, await this.text(), ...errors, ...failed].join("\n"), { cause: error });
    });
  }

  // leaves waits until an action has led to another page, and that page is there. It marks the old document with a
  // symbol, since drivers miss a navigation now and then. Firefox shows an empty document in between.
  async leaves(action) {
    await this.page.evaluate(() => (document[Symbol.for("e2e.old")] = true));
    await action();
    await this.wait("another page", () => this.page.evaluate(arrived).catch(interrupted));
  }

  async sees(role, name) {
    await this.find(role, name);
  }

  async seesNo(role, name) {
    assert.deepEqual((await this.look(role, name)).map((thing) => thing.name), [], `there should be no ${role} named ${name}`);
  }

  async click(role, name) {
    const thing = await this.find(role, name);
    if (role !== "radio") return thing.click();
    // People see when the page has moved under the pointer, and point again.
    await this.wait(name + " to be chosen", async () => {
      await thing.click();
      return thing.evaluate((input) => input.checked);
    });
  }

  // focus tells what the keyboard talks to.
  focus() {
    return this.page.evaluate(survey, "focused");
  }

  press(key) {
    return this.page.keyboard.press(key);
  }

  type(text) {
    return this.page.keyboard.type(text);
  }

  // tabTo moves the focus to a thing as somebody who sees the page but has no mouse: with Tab, or with Shift and Tab where
  // the thing comes before what has the focus.
  async tabTo(role, name, group) {
    await this.find(role, name);
    const passed = [], wanted = (thing) => thing?.role === role && matches(thing.name, name) && (group === undefined || thing.group === group);
    let back; // seen at the first look
    for (let i = 0; i < 120; i++) {
      const [now] = await this.focus();
      if (wanted(now)) return now;
      passed.push(now ? `${now.role} "${now.name}"` : "nothing");
      if (now) back ??= (await this.look(role, name)).filter(wanted).every((thing) => thing.place < now.place);
      await this.tab(back);
    }
    assert.fail(`Tab never reached the ${role} named ${name}, only ${passed.join(", ")}`);
  }

  async tab(back) {
    if (back) await this.page.keyboard.down("Shift");
    await this.page.keyboard.press("Tab");
    if (back) await this.page.keyboard.up("Shift");
  }

  // fill replaces the value of a text box with real key presses.
  async fill(name, text, group) {
    await this.tabTo("textbox", name, group);
    await this.page.keyboard.down("Control");
    await this.page.keyboard.press("a");
    await this.page.keyboard.up("Control");
    await this.page.keyboard.press("Delete");
    await this.type(text);
  }

  // put replaces the value of a text box as somebody who points at it and has an on-screen keyboard.
  async put(name, text) {
    const box = await this.find("textbox", name);
    await box.evaluate((input) => input.scrollIntoView({ block: "center", behavior: "instant" })); // not under the bar of the dialog
    // A message that goes away moves what stands below it: people see that the caret is not there, and point again.
    await until("the caret in " + name, async () => {
      await box.click();
      return box.evaluate((input) => input.getRootNode().activeElement === input);
    });
    if (await box.evaluate((input) => input.value)) {
      await box.click({ count: 3 });
      await this.press("Backspace");
    }
    await this.type(text);
  }

  // fillDate types into the boxes of the date with that legend.
  async fillDate(legend, parts) {
    for (const [name, text] of Object.entries(parts)) await this.fill(name, text, legend);
  }

  // choose picks an option: of a select by typing, of radio buttons with the arrow keys.
  async choose(question, option) {
    if ((await this.look("combobox", question)).length) {
      await this.tabTo("combobox", question);
      await this.type(option);
      const [now] = await this.focus();
      return assert.equal(now.text, option, "the chosen option of " + question);
    }
    await this.tabTo("radio", undefined, question);
    for (let i = 0; i < 30; i++) {
      const [now] = await this.focus();
      if (now.name === option && now.checked) return;
      await this.press(now.name === option ? " " : "ArrowDown");
    }
    assert.fail(`the arrow keys never reached ${option} of ${question}`);
  }

  // text is everything readable: in the open dialog if there is one, else in the page.
  text() {
    return this.page.evaluate(readable);
  }

  async reads(text) {
    await this.wait(`the text ${JSON.stringify(text)}`, async () => (await this.text().catch(interrupted))?.includes(text));
  }

  // calm asserts that nothing went wrong so far that a visitor or an integrator would see in the console.
  async calm(allowed = []) {
    const wrong = [...this.seen.errors, ...(await this.seen.violations())];
    assert.deepEqual(wrong.filter((line) => !allowed.some((ok) => ok.test(line))), []);
  }
}

const arrived = () => !document[Symbol.for("e2e.old")] && location.protocol !== "about:" && document.readyState === "complete";

const matches = (name, wanted) => (wanted instanceof RegExp ? wanted.test(name) : wanted === undefined || name === wanted);

// A regular expression crosses into the page as its source.
const pattern = (name) => (name instanceof RegExp ? [name.source, name.flags] : [name, null]);

// While a page is being replaced its old document answers with an error; the next look asks the new one.
const interrupted = (error) => {
  if (/context|navigat|detached|no such|destroyed|unloaded|discarded/i.test(error.message)) return null;
  throw error;
};

// survey runs in the page. It lists what has a role and a name, in reading order, or with one = true returns the
// first element; the role "focused" asks for what has the focus, whatever it is.
const survey = (role, name, flags, one) => {
  const selectors = {
    button: "button, input[type=submit], input[type=button], [role=button], summary",
    link: "a[href]",
    textbox: "input:not([type]), input[type=text], input[type=email], input[type=password], textarea",
    radio: "input[type=radio]",
    checkbox: "input[type=checkbox]",
    combobox: "select",
    file: "input[type=file]",
    heading: "h1, h2, h3, h4, h5, h6",
    group: "fieldset, [role=group]",
    dialog: "dialog[open], [role=dialog]",
    status: "[role=status]",
    table: "table",
  };
  const flat = (text) => (text || "").replace(/\s+/g, " ").trim();
  const roleOf = (element) => Object.keys(selectors).find((r) => element.matches(selectors[r])) ?? element.getAttribute("role") ?? element.localName;
  const heard = (node) => (node.nodeType === Node.TEXT_NODE ? node.data
    : node.nodeType !== Node.ELEMENT_NODE || node.ariaHidden === "true" ? "" : [...node.childNodes].map(heard).join(""));
  const byIds = (element, attribute) => (element.getAttribute(attribute) || "").split(/\s+/).filter(Boolean)
    .map((id) => flat(element.getRootNode().getElementById(id)?.textContent ?? `(no element with id ${id})`));
  const nameOf = (element) => {
    const named = byIds(element, "aria-labelledby").join(" ") || element.getAttribute("aria-label");
    if (named) return flat(named);
    if (element.labels?.length) return [...element.labels].map((label) => flat(label.textContent)).join(" ");
    if (element.localName === "fieldset") return flat(element.querySelector("legend")?.textContent);
    if (element.localName === "table") return flat(element.caption?.textContent);
    return flat(heard(element)) || element.value || "";
  };
  const all = (root) => [...root.querySelectorAll("*")].flatMap((e) => (e.shadowRoot ? [e, ...all(e.shadowRoot)] : [e]));
  const everything = all(document);
  const describe = (e) => {
    const fieldset = e.closest("fieldset");
    return {
      place: everything.indexOf(e), role: roleOf(e), name: nameOf(e), tag: e.localName, id: e.id, type: e.type, field: e.name, href: e.href, value: e.value, checked: e.checked,
      text: e.localName === "select" ? flat(e.selectedOptions[0]?.textContent) : flat(e.textContent),
      group: fieldset && fieldset !== e ? nameOf(fieldset) : "",
      describedBy: byIds(e, "aria-describedby"), invalid: e.getAttribute("aria-invalid") === "true",
    };
  };
  if (role === "focused") {
    let e = document.activeElement;
    while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
    return e && e !== document.body ? [describe(e)] : [];
  }
  const modal = everything.find((e) => e.localName === "dialog" && e.matches(":modal"));
  const wanted = flags === null || flags === undefined ? (n) => name === undefined || name === null || n === name : (n) => new RegExp(name, flags).test(n);
  const found = (modal ? [modal, ...all(modal)] : everything)
    .filter((e) => e.matches(selectors[role]) && e.checkVisibility() && e.getClientRects().length && !e.closest("[aria-hidden=true]") && wanted(nameOf(e)));
  return one ? found[0] ?? null : found.map(describe);
};

const readable = () => {
  const all = (root) => [...root.querySelectorAll("*")].flatMap((e) => (e.shadowRoot ? [e, ...all(e.shadowRoot)] : [e]));
  const everything = all(document);
  const modal = everything.find((e) => e.localName === "dialog" && e.matches(":modal"));
  return modal ? modal.innerText : [document.body, ...everything.filter((e) => e.shadowRoot).flatMap((e) => [...e.shadowRoot.children])].map((e) => e.innerText ?? "").join("\n");
};
