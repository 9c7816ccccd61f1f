// Reads the tables of form/testdata, as form/formtest does for Go; its package comment describes them.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./harness.mjs";

const folder = path.join(root, "form", "testdata");

// linesOf gives each line of the tables that says something, with its place.
const linesOf = (folder) => readdirSync(folder).filter((name) => name.endsWith(".txt")).sort().flatMap((name) =>
  readFileSync(path.join(folder, name), "utf8").split("\n").map((line, i) => ({ line: line.trim(), place: `${name}:${i + 1}` })))
  .filter(({ line }) => line && !line.startsWith("#"));

const row = /^(\w+)\s+(\w+)\s+("(?:[^"\\]|\\.)*")(?:\*(\d+))?\s+(.+)$/;

// checks lists {place, form, field, value, answer, today, months}. It leaves out how values are cleaned, and octets that
// are no text: no page can hold them.
export const checks = () => {
  let file, today, months, all = [];
  for (const { line, place } of linesOf(folder)) {
    if (file !== (file = place.split(":")[0])) [today, months] = [0, []];
    const [word, rest] = [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)];
    if (word === "today") today = Date.parse(rest) / 864e5;
    else if (word === "months") months = rest.split(/\s+/).map(unquote);
    else {
      const [, form, field, quoted, times = 1, answer] = row.exec(line) ?? [];
      if (!form) throw new Error(`${place}: cannot read ${line}`);
      if (answer.startsWith('"') || /\\x[89a-f]/i.test(quoted)) continue;
      all.push({ place, form, field, value: unquote(quoted).repeat(times), answer, today, months });
    }
  }
  return all;
};

// suggestions lists {place, address, wanted}; wanted is empty where nothing is to be suggested.
export const suggestions = () => linesOf(path.join(folder, "suggest")).map(({ line, place }) => {
  const [, address, wanted] = /^(.*\S)\s+(\S+)$/.exec(line);
  return { place, address, wanted: wanted.replace(/^-$/, "") };
});

const letters = { a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

// unquote reads a string of Go.
const unquote = (quoted) => quoted.slice(1, -1).replace(/\\(?:x(..)|u(.{4})|U(.{8})|(.))/g, (_, x, u, U, letter) =>
  letter ? letters[letter] ?? letter : String.fromCodePoint(parseInt(x ?? u ?? U, 16)));
