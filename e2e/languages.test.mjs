// Both forms and the dispute notice in every language the demo shop speaks, from the first look to the receipt: axe finds
// nothing, nothing is cut off at 320 pixels, and no text of another language or an empty place is left over. Here things
// are found by their ids, since words differ.
import assert from "node:assert/strict";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "node:test";
import { inBrowsers, thorough } from "./browsers.mjs";
import { hostPage, hostPages, shared, tag, until } from "./harness.mjs";
import { inspect } from "./inspection.mjs";
import { png } from "./samples.mjs";

inBrowsers("in every language", (browser, name) => {
  // What is drawn is the same in both browsers, so that one language is enough in the second.
  for (const locale of thorough || name === "Chromium" ? ["en-DE", "de-AT", "pl-PL", "it-IT"] : ["pl-PL"]) {
    test(`${locale}: nothing to find in any state`, async (t) => {
      const program = await shared(), visitor = await browser().visitor(t), found = [];
      const [lang, country] = locale.split("-");
      await visitor.goto(await hostPages(t, { "/": hostPage(tag(program, `country="${country}"`), { lang }) }) + "/");
      const hands = new Hands(visitor.page);
      const look = async (state) => {
        await visitor.page.$eval(">>> dialog", (dialog) => (dialog.scrollTop = 0)); // nothing lies below the heading
        for (const problem of [...await inspect(visitor.page, name), ...await leftovers(visitor.page, lang)]) found.push(`${state}: ${problem}`);
      };
      await withdraw(hands, look);
      await complain(hands, look);
      await hands.open("disputes");
      await look("disputes");
      assert.deepEqual(found, []);
    });
  }
});

// Hands do things to elements by their selector, inside the widget's shadow root.
class Hands {
  constructor(page) {
    this.page = page;
  }

  at(selector) {
    return until(selector, () => this.page.$(">>> " + selector));
  }

  async press(selector) {
    const handle = await this.at(selector);
    await handle.evaluate((node) => node.scrollIntoView({ block: "center" }));
    await handle.click();
  }

  async type(selector, text) {
    await this.press(selector);
    await this.page.keyboard.type(text);
  }

  async open(form) {
    if (await this.page.$(">>> dialog[open]")) await this.press(".rc-close");
    await this.press(`a[part~=${form}]`);
    await this.at("dialog[open] h1");
  }

  next() {
    return this.press("form .rc-actions .rc-button");
  }
}

const withdraw = async (hands, look) => {
  await hands.open("withdrawal");
  await look("withdrawal");
  await hands.next();
  await hands.at("#rc-problems");
  await look("withdrawal, problems");
  await hands.type("#rc-name", "Zo\u00eb O\u2019Neil");
  await hands.type("#rc-contract", "4711");
  await hands.type("#rc-email", "zoe@gmial.com");
  await hands.press("#rc-items-some");
  await hands.at(".rc-typo .rc-link"); // what is below it moves when it comes
  await hands.type("#rc-items-name-0", "Lamp");
  await hands.type("#rc-items-quantity-0", "2");
  await hands.press(".rc-items > .rc-link");
  await hands.at("#rc-items-name-1");
  for (const [part, value] of Object.entries({ day: "9", month: "11", year: "2026" })) await hands.type("#rc-received_on-" + part, value);
  await hands.type("#rc-comment", "x".repeat(20));
  await until("the hints", () => hands.page.$eval(">>> .rc-ends", (node) => node.textContent));
  await look("withdrawal, items and hints");
  await hands.press(".rc-keep .rc-link");
  await look("withdrawal, kept on the device");
  await hands.press(".rc-close");
  await hands.open("withdrawal");
  await hands.at(".rc-note");
  await look("withdrawal, opened again");
  await hands.next();
  await hands.at("dl.rc-review");
  await look("withdrawal, review");
  await hands.page.evaluate(() => {
    const real = window.fetch;
    window.fetch = () => Promise.reject(new TypeError("cut"));
    window.mend = () => (window.fetch = real);
  });
  await hands.next();
  await hands.at("#rc-statement");
  await look("withdrawal, not sent");
  await hands.page.evaluate(() => window.mend());
  await hands.next();
  await hands.at(".rc-receipt");
  await look("withdrawal, receipt");
};

const complain = async (hands, look) => {
  await hands.open("complaint");
  await look("complaint");
  await hands.type("#rc-product", "Lamp"); // name and address are known from the withdrawal
  await hands.next();
  await hands.at("#rc-files");
  await look("complaint, second page");
  await hands.next();
  await hands.at("#rc-problems");
  await look("complaint, problems");
  await hands.press("#rc-reason-damaged");
  await hands.type("#rc-description", "It broke.");
  const file = path.join(await mkdtemp(path.join(tmpdir(), "recourse-file-")), "a broken lamp.png");
  await writeFile(file, png);
  await (await hands.at("#rc-files")).uploadFile(file);
  await hands.at(".rc-files canvas:not([hidden])");
  await look("complaint, with a picture");
  await hands.next();
  await hands.at("dl.rc-review");
  await look("complaint, review");
  await hands.next();
  await hands.at(".rc-receipt");
  await look("complaint, receipt");
};

// leftovers are places that were never filled, and English words in another language.
const leftovers = (page, lang) => page.evaluate((lang) => {
  const dialog = [...document.querySelectorAll("recourse-widget")].map((widget) => widget.shadowRoot.querySelector("dialog")).find(Boolean);
  const text = dialog.innerText, found = text.match(/\{\w+\}|undefined|\bnull\b|NaN|\[object/g) || [];
  if (dialog.lang !== lang && !dialog.lang.startsWith(lang + "-")) found.push("lang is " + dialog.lang);
  if (lang !== "en") found.push(...(text.match(/\b(the|your|withdraw|complaint|please|Continue|Back)\b/g) || []));
  return found;
}, lang);
