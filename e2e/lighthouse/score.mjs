// The performance score that Lighthouse gives a shop's page with the tag and without it: node score.mjs
import { hostPages, start } from "../harness.mjs";
import { visit } from "./visit.mjs";

const runs = +process.env.RUNS || 5;

const score = async (address) => {
  const { audits, categories } = await visit(address, ["performance"]), value = (audit) => audits[audit].numericValue;
  return { score: categories.performance.score * 100, tbt: value("total-blocking-time"), cls: value("cumulative-layout-shift"), lcp: value("largest-contentful-paint") };
};

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

const ends = [], after = (end) => ends.push(end), program = await start({ after });
try {
  const shop = await (await fetch(program.origin + "/")).text();
  const based = shop.replace("<head>", `<head><base href="${program.origin}/">`);
  const base = await hostPages({ after }, {
    "/with": { html: based },
    "/without": { html: based.replace(/<script[^>]*recourse\.js[^>]*><\/script>/, "") },
  });
  const seen = { "/with": [], "/without": [] };
  for (let i = 0; i < runs; i++) for (const page of Object.keys(seen)) seen[page].push(await score(base + page));
  console.log(`Lighthouse on a slow phone, medians of ${runs}`);
  for (const [page, all] of Object.entries(seen)) {
    const of = (what, digits = 0) => median(all.map((one) => one[what])).toFixed(digits);
    console.log(`  ${page.slice(1).padEnd(8)} the tag: performance ${of("score")}, blocking ${of("tbt")} ms, layout shift ${of("cls", 3)}, largest paint ${of("lcp")} ms`);
  }
} finally {
  for (const end of ends) await end();
}
