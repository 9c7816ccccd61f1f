// Takes the pictures under docs/screenshots: node screenshots.mjs FOLDER
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { launch, settled } from "./browsers.mjs";
import { start } from "./harness.mjs";
import { complaintDialog, disputeNotice, inbox, people, plainForms, policyPages, statistics, withdrawalDialog } from "./states.mjs";

const wanted = ["demo", "withdrawal-form", "withdrawal-review", "withdrawal-receipt", "disputes-dialog", "de-DE-returns", "plain-form", "status", "inbox", "case", "case-proposed", "inbox-quarantine", "people", "statistics"];
// A whole complaint, step by step, with mistakes and a server that is away for a while; see docs/complaint.md.
const story = ["form", "errors", "page2", "page2-errors", "review", "failed", "receipt"].map((step) => "complaint-" + step);
const dark = ["withdrawal-review", "inbox", "statistics"];
const sizes = [[320, 900, 1300], [1280, 900, 1000]]; // width, height, height where a whole page of a form is to be seen

const [folder] = process.argv.slice(2);
if (!folder) {
  console.error("name the folder for the pictures: node screenshots.mjs ../docs/screenshots");
  process.exit(1);
}
await mkdir(path.join(folder, "complaint"), { recursive: true });

const ends = [], t = { after: (end) => ends.unshift(end) };
const browser = await launch("Chromium");
ends.push(() => browser.close());

const shoot = (visitor, colours) => async (state) => {
  const step = story.indexOf(state) + 1;
  if (!step && !(colours === "dark" ? dark : wanted).includes(state)) return;
  const name = step ? `complaint/${step}-${state.slice("complaint-".length)}` : state + (colours === "dark" ? "-dark" : "");
  for (const [width, usual, whole] of sizes) {
    await visitor.page.setViewport({ width, height: step ? whole : usual });
    await settled(visitor.page);
    const file = path.join(folder, `${name}-${width}.png`);
    await writeFile(file, await visitor.page.screenshot());
    console.log(file);
  }
};

const walks = { light: [withdrawalDialog, complaintDialog, disputeNotice, policyPages, plainForms, inbox, people, statistics], dark: [withdrawalDialog, inbox, statistics] };
try {
  for (const [colours, list] of Object.entries(walks)) {
    for (const walk of list) {
      const program = await start(t), visitor = await browser.visitor(t, { colours });
      await walk(visitor, program, shoot(visitor, colours), "de-DE");
    }
  }
} finally {
  for (const end of ends) await end();
}
