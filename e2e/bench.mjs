// How long a visitor waits, in Chromium over loopback, from a page that has loaded nothing but recourse.js:
// node bench.mjs
import { launch } from "./browsers.mjs";
import { sleep, start, until } from "./harness.mjs";
import { withdrawal } from "./journeys.mjs";

const runs = 15;

// watch runs in the page before any script. It notes when the visitor presses, when the form has been painted, and when
// the rules can be asked (a task after their module is there, so after it has been started).
const watch = () => {
  const at = (window.times = {});
  const note = (what) => (at[what] ??= performance.now());
  addEventListener("click", () => note("press"), true);
  addEventListener("recourse-open", () => requestAnimationFrame(() => setTimeout(() => note("form"))));
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const real = WebAssembly[name];
    WebAssembly[name] = (...given) => {
      const made = real(...given);
      made.then(() => setTimeout(() => note("rules")), () => {});
      return made;
    };
  }
};

const visit = async (browser, program, { throttle, pause }) => {
  const ends = [], visitor = await browser.visitor({ after: (end) => ends.push(end) }), { page } = visitor;
  await page.evaluateOnNewDocument(watch);
  await page.emulateCPUThrottling(throttle);
  await visitor.goto(program.origin + "/");
  const link = await visitor.find("link", withdrawal.link);
  await link.hover();
  await sleep(pause);
  await link.click();
  const times = await until("the form and its rules", () => page.evaluate(() => window.times.form && window.times.rules && window.times));
  for (const end of ends) await end();
  return times;
};

const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)].toFixed(0).padStart(6);

const ends = [], program = await start({ after: (end) => ends.push(end) });
const browser = await launch("Chromium");
try {
  console.log(`milliseconds, medians of ${runs}, ${await browser.version()}, loopback, empty cache\n`);
  console.log("                                                 CPU as is   4 times slower");
  for (const [pause, how] of [[0, "pressed at once"], [500, "pressed half a second after pointing at it"]]) {
    const times = {};
    for (const throttle of [1, 4]) {
      times[throttle] = [];
      for (let i = 0; i < runs; i++) times[throttle].push(await visit(browser, program, { throttle, pause }));
    }
    const row = (what, from, to) => console.log(`${what.padEnd(50)} ${[1, 4].map((t) => median(times[t].map((one) => one[to] - one[from]))).join("           ")}`);
    console.log(how);
    row("  from the press to the form", "press", "form");
    row("  from the press to the rules in WebAssembly", "press", "rules");
  }
} finally {
  await browser.close();
  for (const end of ends) await end();
}
