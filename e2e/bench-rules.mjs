// How long the rules take to start and to answer, and what memory they need, in both browsers over loopback:
// node bench-rules.mjs
import { launch } from "./browsers.mjs";
import { start } from "./harness.mjs";
import { shopPage, startRules } from "./rules.mjs";

const runs = 15, calls = 100_000;
const today = 20777;
const questions = [
  ["withdrawal", "email", "anna@example.com"], ["withdrawal", "received_on", "2026-march-27"], ["withdrawal", "name", "Anna Müller"],
  ["complaint", "reason", "late"], ["complaint", "description", "It came broken. ".repeat(12)],
];

// watchGaps notes the longest time in which the page could do nothing else.
const watchGaps = () => {
  const channel = new MessageChannel();
  let last = performance.now();
  window.longest = 0;
  channel.port1.onmessage = () => {
    const now = performance.now();
    window.longest = Math.max(window.longest, now - last);
    last = now;
    channel.port2.postMessage(0);
  };
  channel.port2.postMessage(0);
};

const ask = (page) => page.evaluate((questions, calls, today) => {
  const before = performance.now();
  for (let i = 0; i < calls; i++) rules.check(...questions[i % questions.length], today);
  return ((performance.now() - before) * 1000) / calls;
}, questions, calls, today);

const memory = (page) => page.evaluate(() => window.memory.buffer.byteLength / 1e6);

// visit starts the rules in a page that has none in its cache.
const visit = async (browser, program, throttle) => {
  const ends = [], t = { after: (end) => ends.push(end) };
  const page = await shopPage(t, browser, program);
  if (throttle > 1) await page.emulateCPUThrottling(throttle);
  await page.evaluate(watchGaps);
  const took = await startRules(page), gap = await page.evaluate(() => window.longest);
  const fresh = await memory(page), check = await ask(page), used = await memory(page);
  for (const end of ends) await end();
  return { start: took, gap, check, fresh, used };
};

const row = (name, visits) => {
  const median = (key) => visits.map((one) => one[key]).sort((a, b) => a - b)[Math.floor(visits.length / 2)];
  const best = (key) => Math.min(...visits.map((one) => one[key]));
  const pair = (key) => `${median(key).toFixed(1)} [${best(key).toFixed(1)}]`.padStart(14);
  console.log(`${name.padEnd(12)}${pair("start")}${pair("gap")}${pair("check")}${median("fresh").toFixed(2).padStart(10)}${Math.max(...visits.map((one) => one.used)).toFixed(2).padStart(10)}`);
};

const ends = [], program = await start({ after: (end) => ends.push(end) });
try {
  console.log(`medians of ${runs} [best]; memory when started and after ${calls} checks\n`);
  console.log("               start, ms      gap, ms     check, us   MB, new  MB, used");
  for (const [name, throttle] of [["Chromium", 1], ["Chromium", 4], ["Firefox", 1]]) {
    const browser = await launch(name), visits = [];
    try {
      for (let i = 0; i < runs; i++) visits.push(await visit(browser, program, throttle));
    } finally {
      await browser.close();
    }
    row(throttle > 1 ? `${name} /${throttle}` : name, visits);
  }
} finally {
  for (const end of ends) await end();
}
