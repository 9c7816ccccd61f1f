// Takes the pictures under docs/screenshots: node screenshots.mjs FOLDER
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { launch, settled } from "./browsers.mjs";
import { start } from "./harness.mjs";
import { complaintDialog, disputeNotice, inbox, plainForms, policyPages, withdrawalDialog } from "./states.mjs";

const wanted = ["demo", "withdrawal-form", "withdrawal-review", "withdrawal-receipt", "complaint-errors", "complaint-page2", "disputes-dialog",
  "de-DE-returns", "plain-form", "status", "inbox", "case"];
const dark = ["withdrawal-review", "inbox"];
const widths = [320, 1280], height = 900;

const [folder] = process.argv.slice(2);
if (!folder) {
  console.error("name the folder for the pictures: node screenshots.mjs ../docs/screenshots");
  process.exit(1);
}
await mkdir(folder, { recursive: true });

const ends = [], t = { after: (end) => ends.unshift(end) };
const browser = await launch("Chromium");
ends.push(() => browser.close());

const shoot = (visitor, colours) => async (state) => {
  const names = colours === "dark" ? dark : wanted;
  if (!names.includes(state)) return;
  for (const width of widths) {
    await visitor.page.setViewport({ width, height });
    await settled(visitor.page);
    const file = path.join(folder, `${state}${colours === "dark" ? "-dark" : ""}-${width}.png`);
    await writeFile(file, await visitor.page.screenshot());
    console.log(file);
  }
};

const walks = { light: [withdrawalDialog, complaintDialog, disputeNotice, policyPages, plainForms, inbox], dark: [withdrawalDialog, inbox] };
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
