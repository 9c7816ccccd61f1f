// A shop that has published its texts: the demo shop has no ledger, so it gets one beside a copy of what it changes.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { binary, root } from "./harness.mjs";

const run = promisify(execFile);

// What the shop adds to its returns, by language.
const added = {
  en: "We pay the return of amber above 100 euros.", de: "Wir zahlen die Rücksendung von Bernstein ab 100 Euro.",
  it: "Paghiamo noi la restituzione dell’ambra oltre i 100 euro.", pl: "Za zwrot bursztynu powyżej 100 euro płacimy my.",
};

// published gives the flags with which the program shows two versions of the returns in each language, and one of all other
// texts. What it needs goes away with the test (or the hook's context) t.
export const published = async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), "recourse-published-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const texts = path.join(folder, "texts"), flags = ["--ledger", path.join(folder, "ledger"), "--content", texts];
  const publish = (from) => run(binary, ["publish", "--shop", path.join(root, "examples/bernstein/shop.toml"), "--from", from, ...flags]);
  await mkdir(texts);
  await publish("2026-03-01");
  for (const [lang, sentence] of Object.entries(added)) {
    await mkdir(path.join(texts, lang));
    await writeFile(path.join(texts, lang, "returns.md"), (await readFile(path.join(root, "content", lang, "returns.md"), "utf8")) + `\n${sentence}\n`);
  }
  await publish("2026-06-01");
  return flags;
};
