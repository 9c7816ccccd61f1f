// What Lighthouse thinks of generated pages in accessibility, best practices and search: node pages.mjs. Below 100 is an error.
// The program serves the demo shop as any shop is served, but at localhost, which browsers and Lighthouse trust as they
// trust https; no audit is left out.
import { start } from "../harness.mjs";
import { published } from "../published.mjs";
import { visit } from "./visit.mjs";

const categories = ["accessibility", "best-practices", "seo"];
const pages = ["de-DE/returns/", "en-DE/complaints/", "pl-PL/", "it-IT/returns/versions/"];

// shortfalls are the audits that keep a page from 100, with what they are about.
const shortfalls = ({ categories, audits }) => Object.values(categories).flatMap(({ auditRefs }) => auditRefs)
  .filter(({ id, weight }) => weight > 0 && audits[id].score !== null && audits[id].score < 1)
  .map(({ id }) => `    ${id}: ${audits[id].title} ${JSON.stringify(audits[id].details?.items ?? "").slice(0, 400)}`);

const ends = [], after = (end) => ends.push(end);
try {
  const program = await start({ after }, ...(await published({ after })));
  console.log("Lighthouse on generated pages, of 100, served at localhost, which counts as https");
  for (const page of pages) {
    const report = await visit(program.base + page, categories);
    const scores = categories.map((category) => [category, Math.round(report.categories[category].score * 100)]);
    console.log(`  ${page.padEnd(24)} ${scores.map((score) => score.join(" ")).join(", ")}`);
    if (scores.some(([, score]) => score < 100)) {
      console.error(shortfalls(report).join("\n"));
      process.exitCode = 1;
    }
  }
  if (process.exitCode) console.error("Lighthouse: a page has less than 100");
} finally {
  for (const end of ends.reverse()) await end();
}
