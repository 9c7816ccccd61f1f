// What a visitor waits for and what the shop's page pays, in Chromium over loopback, as fast as the machine is and with
// its processor 4 times slower: node bench.mjs. Every visit is a fresh profile with an empty cache.
import { readFile } from "node:fs/promises";
import { launch } from "./browsers.mjs";
import { hostPages, root, sleep, start, until } from "./harness.mjs";
import { withdrawal } from "./journeys.mjs";

const runs = +process.env.RUNS || 15;
const slow = [1, 4];

// watch runs in the page before any script. It notes when the visitor shows intent and presses, when the form has been
// painted and takes keys, and when the rules can be asked (a task after their module is there, so after its start).
const watch = () => {
  const at = (window.times = {}), note = (what) => (at[what] ??= performance.now());
  addEventListener("pointerover", ({ target }) => target.localName === "recourse-widget" && note("intent"), true);
  addEventListener("click", () => note("press"), true);
  addEventListener("recourse-open", () => requestAnimationFrame(() => setTimeout(() => note("form"))));
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const real = WebAssembly[name];
    WebAssembly[name] = (...given) => real(...given).then((made) => {
      window.memory = (made.instance || made).exports.memory;
      setTimeout(() => note("rules"));
      return made;
    });
  }
  window.shifts = 0;
  new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => (window.shifts += value))).observe({ type: "layout-shift", buffered: true });
};

// visit opens the shop's page, does what act says and gives the times, the layout shift and the memory of the rules.
const visit = async (browser, address, throttle, act) => {
  const seen = {};
  await open(browser, throttle, async (visitor) => {
    await visitor.goto(address);
    await sleep(700);
    await act?.(visitor);
    Object.assign(seen, await visitor.page.evaluate(() => ({ ...window.times, shifts: window.shifts, memory: window.memory?.buffer.byteLength })));
  });
  return { ...seen, form: seen.form - seen.press, rules: seen.rules - seen.press, ready: seen.rules - seen.intent };
};

// trace is a visit that is recorded, which makes it slower: it gives the longest task of the page's main thread, in
// milliseconds, that runs our script before intent, and the longest of all after it.
const trace = async (browser, address, throttle, act) => {
  let before, after;
  await open(browser, throttle, async (visitor) => {
    before = await tasks(visitor.page, true, async () => {
      await visitor.goto(address);
      await sleep(700);
    });
    after = await tasks(visitor.page, false, () => act(visitor));
  });
  return { before, after };
};

const open = async (browser, throttle, work) => {
  const ends = [], visitor = await browser.visitor({ after: (end) => ends.push(end) });
  await visitor.page.evaluateOnNewDocument(watch);
  await visitor.page.emulateCPUThrottling(throttle);
  await work(visitor);
  for (const end of ends) await end();
};

// tasks gives the longest task while work is done, of those that run our script or of all in its thread.
const tasks = async (page, ours, work) => {
  await page.tracing.start({ categories: ["devtools.timeline", "toplevel"] });
  await work();
  const { traceEvents } = JSON.parse(Buffer.from(await page.tracing.stop()).toString());
  const place = (e) => e.pid + " " + e.tid;
  const script = traceEvents.filter((e) => /EvaluateScript|FunctionCall|evaluateModule|v8.compile/.test(e.name) && /\/legal\//.test(e.args?.data?.url));
  const within = (task) => script.some((e) => place(e) === place(task) && (!ours || (e.ts >= task.ts && e.ts <= task.ts + task.dur)));
  return Math.max(0, ...traceEvents.filter((e) => e.dur && /RunTask$/.test(e.name) && within(e)).map((e) => e.dur / 1000));
};

const settled = (page, ...wanted) => until(wanted.join(" and "), () => page.evaluate((wanted) => wanted.every((what) => window.times[what]), wanted));

const acts = {
  "pressed at once": async (visitor) => {
    await (await visitor.find("link", withdrawal.link)).click();
    await settled(visitor.page, "form", "rules");
    await sleep(300);
  },
  "pointed at, and pressed 0.3 s later": async (visitor) => {
    const link = await visitor.find("link", withdrawal.link);
    await link.hover();
    await sleep(300);
    await link.click();
    await settled(visitor.page, "form", "rules");
    await sleep(300);
  },
  "pointed at, not pressed": async (visitor) => {
    await (await visitor.find("link", withdrawal.link)).hover();
    await settled(visitor.page, "rules");
    await sleep(300);
  },
};

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const row = (what, values) => console.log("  " + what.padEnd(52), ...values.map((value) => String(value).padStart(9)));

// medians visits again and again, with some way to look, and gives the medians of what it saw, for each speed.
const medians = async (look, count, ...given) => {
  const all = [];
  for (const throttle of slow) {
    all.push([]);
    for (let i = 0; i < count; i++) all.at(-1).push(await look(given[0], given[1], throttle, given[2]));
  }
  return (what, digits = 0, times = 1) => all.map((some) => (median(some.map((one) => one[what])) * times).toFixed(digits));
};

const waiting = async (browser, program) => {
  for (const [how, act] of Object.entries(acts)) {
    const of = await medians(visit, runs, browser, program.origin + "/", act);
    console.log(how);
    if (/pressed /.test(how)) {
      row("press to usable form, ms", of("form"));
      row("press to rules in WebAssembly ready, ms", of("rules"));
    }
    row("intent to rules ready, ms", of("ready"));
    const traced = await medians(trace, 5, browser, program.origin + "/", act);
    row("longest task before intent with our script, ms", traced("before"));
    row("longest task after intent, ms", traced("after"));
    if (how === "pressed at once") row("memory of the WebAssembly instance, MB", of("memory", 2, 1e-6));
  }
};

// burden is the same page with and without the tag, before anybody shows intent.
const burden = async (browser, pages) => {
  console.log("layout shift before intent");
  for (const [what, address] of Object.entries(pages)) row(what, (await medians(visit, 5, browser, address))("shifts", 4));
};

// checks measures the rules alone, on a page of their own.
const checks = async (browser, program) => {
  const host = await readFile(root + "/wasm_exec.js");
  const ends = [], after = (end) => ends.push(end);
  const base = await hostPages({ after }, {
    "/": { html: "<!doctype html><title>rules</title><link rel=icon href=data:,>" },
    "/host.js": { html: host, headers: { "Content-Type": "text/javascript" } },
  });
  const { page } = await browser.visitor({ after });
  await page.goto(base + "/");
  const wasm = (await readFile(program.dist + "/recourse.js", "utf8")).match(/forms\.\w+\.js/)[0];
  const rules = (await readFile(program.dist + "/assets/" + wasm, "utf8")).match(/rules\.\w+\.wasm/)[0];
  const times = [];
  for (const throttle of slow) {
    await page.emulateCPUThrottling(throttle);
    times.push(await page.evaluate(measureChecks, program.base + "assets/" + rules));
  }
  console.log("the rules, warm, medians of 25 rounds");
  for (const what of Object.keys(times[0])) row(what + ", microseconds", times.map((one) => one[what].toFixed(2)));
  for (const end of ends) await end();
};

const measureChecks = async (address) => {
  const { start } = await import("/host.js");
  const rules = await start(address), form = "complaint";
  const values = {
    name: "Ada O\u2019Connor-M\u00fcller", email: "ada.oconnor@stra\u00dfe.example", contract: "#0047-11", product: "Pendant", received_on: "2026-3-20",
    reason: "defective", description: "The clasp broke after two days. ".repeat(6), remedy: "repair", files: "clasp.jpg",
  };
  const all = Object.entries(values);
  const time = (rounds, work) => {
    const times = [];
    for (let i = 0; i < 25; i++) {
      const begin = performance.now();
      for (let k = 0; k < rounds; k++) work();
      times.push(((performance.now() - begin) / rounds) * 1000);
    }
    return times.sort((a, b) => a - b)[12];
  };
  const whole = () => { for (const [field, value] of all) rules.check(form, field, value, 20778); };
  time(200, whole);
  return {
    "one check of an address": time(2000, () => rules.check(form, "email", values.email, 20778)),
    "one check of a date": time(2000, () => rules.check(form, "received_on", values.received_on, 20778)),
    "one check of a text of 192 characters": time(2000, () => rules.check(form, "description", values.description, 20778)),
    "all nine fields of a complaint": time(500, whole),
  };
};

const ends = [], after = (end) => ends.push(end), program = await start({ after });
const shop = await (await fetch(program.origin + "/")).text();
const based = shop.replace("<head>", `<head><base href="${program.origin}/">`);
const bare = await hostPages({ after }, {
  "/with": { html: based },
  "/without": { html: based.replace(/<script[^>]*recourse\.js[^>]*><\/script>/, "") },
});
const browser = await launch("Chromium");
try {
  console.log(`${await browser.version()}, loopback, empty cache, medians of ${runs}`);
  row("", ["as it is", "4x slower"]);
  await waiting(browser, program);
  await burden(browser, { "with the tag": bare + "/with", "without it": bare + "/without" });
  await checks(browser, program);
} finally {
  await browser.close();
  for (const end of ends) await end();
}
