// Reads what the program has built, as files and as links.
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

// pages lists every HTML file of dist as {file, address, html}.
export const pages = async (program) => {
  const names = (await readdir(program.dist, { recursive: true })).filter((name) => name.endsWith(".html")).sort();
  return Promise.all(names.map(async (file) => ({
    file, address: program.base + file.replace(/index\.html$/, ""), html: await readFile(path.join(program.dist, file), "utf8"),
  })));
};

export const unescape = (text) => text.replaceAll("&amp;", "&").replaceAll("&#43;", "+").replaceAll("&#39;", "'").replaceAll("&#34;", '"').replaceAll("&quot;", '"');

// addresses are all targets of links, images, styles, scripts and forms of a page, as they are written.
export const addresses = (html) => [...html.matchAll(/\s(?:href|src|action|formaction)=(?:"([^"]*)"|'([^']*)'|([^\s>]+))/g)].map(([, a, b, c]) => unescape(a ?? b ?? c));

export const ids = (html) => new Set([...html.matchAll(/\sid=(?:"([^"]*)"|'([^']*)'|([^\s>]+))/g)].map(([, a, b, c]) => unescape(a ?? b ?? c)));
