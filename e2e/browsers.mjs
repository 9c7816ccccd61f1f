// Launches the two browsers and records what pages do behind the visitor's back.
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe } from "node:test";
import puppeteer from "puppeteer-core";
import { stopShared } from "./harness.mjs";
import { Person } from "./person.mjs";

// For every window Chromium loads three pages of its own, suggestions below the address bar, and keeps a process in
// reserve: that costs more than our page does.
const needless = ["WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup", "SpareRendererForSitePerProcess"];

const quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--lang=en-IE", "--disable-features=" + needless];

const kinds = {
  Chromium: { browser: "chrome", executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: quiet },
  Firefox: { browser: "firefox", executablePath: process.env.FIREFOX || "/usr/bin/firefox-esr" },
};

// launch starts "Chromium" or "Firefox" with a fresh profile; script: false starts it without JavaScript.
export const launch = async (name, { script = true } = {}) => {
  const userDataDir = mkdtempSync(path.join(tmpdir(), "recourse-browser-"));
  const browser = await puppeteer.launch({
    headless: true, userDataDir, defaultViewport: { width: 1280, height: 900 }, ...kinds[name],
    extraPrefsFirefox: {
      "javascript.enabled": script,
      "intl.accept_languages": "en-IE, en",
      "network.captive-portal-service.enabled": false,
      "network.connectivity-service.enabled": false,
    },
  });
  const close = browser.close.bind(browser);
  browser.close = async () => { await close(); await rm(userDataDir, { recursive: true, force: true, maxRetries: 5 }); };
  browser.visitor = (t, options) => visitor(browser, t, { script, ...options });
  browser.name = name;
  return browser;
};

// thorough tries in both browsers what both do alike, and every combination where most are left out: `make soak`.
export const thorough = Boolean(process.env.THOROUGH);

// BROWSER names the browsers to test in; without it these are all.
const wanted = process.env.BROWSER?.split(",") ?? Object.keys(kinds);

// inBrowsers declares the same tests for each browser. The browser is there once the tests run: use it as browser().
export const inBrowsers = (what, tests, { only = Object.keys(kinds), ...options } = {}) => {
  tidyUp();
  for (const name of only.filter((name) => wanted.includes(name))) {
    describe(`${what} in ${name}`, { timeout: 600_000 }, () => {
      let browser;
      before(async () => { browser = await running(name, options); });
      tests(() => browser, name);
    });
  }
};

// A browser takes seconds to start, so that all files of a process have the same; visitors have nothing in common in it.
const launched = new Map();
const running = async (name, options) => {
  const key = name + JSON.stringify(options);
  if (!launched.get(key)?.connected) launched.set(key, await launch(name, options));
  return launched.get(key);
};

let tidying = false;
const tidyUp = () => {
  if (!tidying) after(() => Promise.all([stopShared(), ...[...launched.values()].map((browser) => browser.close())]));
  tidying = true;
};

// visitor opens a page in a context of its own, as a person who has never been here; it closes with the test t.
const visitor = async (browser, t, { script = true, width = 1280, height = 900, colours = "light" } = {}) => {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.setViewport({ width, height });
  if (colours !== "light") await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: colours }]);
  if (!script && browser.name === "Chromium") await page.setJavaScriptEnabled(false);
  t.after(() => context.close());
  return new Person(page, await record(page, script));
};

// record keeps what went wrong on a page and what it asked the network for.
const record = async (page, script) => {
  const seen = { errors: [], requests: [], failed: [] };
  page.on("pageerror", (error) => seen.errors.push("error: " + (error?.stack || error)));
  page.on("console", (line) => {
    const about = line.location()?.url ?? "";
    if (about.endsWith("/favicon.ico")) return; // browsers ask by themselves; the demo shop has none
    if (["error", "warn"].includes(line.type())) seen.errors.push(`console ${line.type()}: ${line.text()} ${about}`);
  });
  page.on("request", (request) => seen.requests.push(request.url()));
  page.on("requestfailed", (request) => seen.failed.push(`${request.url()}: ${request.failure()?.errorText}`));
  if (script) await page.evaluateOnNewDocument(noteViolations);
  // Violations of a policy are events of the document; a symbol there stays clear of the page's names.
  seen.violations = () => page.evaluate(() => document[Symbol.for("e2e.violations")] ?? []);
  return seen;
};

const noteViolations = () => {
  const found = (document[Symbol.for("e2e.violations")] = []);
  document.addEventListener("securitypolicyviolation", (event) => found.push(`${event.violatedDirective} blocked ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
};

// emulate makes a page believe in a medium ("print") or a preference ("forced-colors=active") the visitor has not; only
// Chromium can be told.
export const emulate = async (page, what) => {
  const [name, value] = what.split("="), session = await page.createCDPSession();
  await session.send("Emulation.setEmulatedMedia", value ? { features: [{ name, value }] } : { media: name });
};

// settled waits until nothing moves: colours that are still fading have no contrast to speak of.
export const settled = (page) => page.evaluate(async () => {
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  const roots = [document, ...[...document.querySelectorAll("*")].map((e) => e.shadowRoot).filter(Boolean)];
  await Promise.all(roots.flatMap((root) => root.getAnimations()).map((animation) => animation.finished.catch(() => {})));
});
