// The pages of shops that do what real shops do. Each file says in its first comment what it stands for and what must
// hold on it; this serves them, at 127.0.0.1 where the program is at localhost.
import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import http from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";

const folder = path.dirname(fileURLToPath(import.meta.url));

// Lines of the comment that may stand more than once.
const lists = ["header", "allow", "skip"];

// pages reads all files: {name, html, "stands for", "must hold", header: [], allow: [], skip: [], …}.
export const pages = await Promise.all((await readdir(folder)).filter((file) => file.endsWith(".html")).sort().map(async (file) => {
  const text = await readFile(path.join(folder, file), "utf8");
  const [comment, front] = /^<!--\n(.*?)-->\n/s.exec(text);
  const page = { name: file.replace(".html", ""), html: text.slice(comment.length), header: [], allow: [], skip: [] };
  for (const line of front.trim().split("\n")) {
    const [, key, value] = /^([a-z ]+): (.*)$/.exec(line);
    if (lists.includes(key)) page[key].push(value);
    else page[key] = value;
  }
  return page;
}));

// serve answers /<name> with a page, /bare/<name> with the same page without our tag, and /mirror/<fault>/… with the
// files of the program as a shop with that fault hands them on.
export const serve = async (program) => {
  const server = http.createServer(async (request, answer) => {
    const { headers, body, status = 200 } = await answerTo(program, request).catch((error) => ({ status: 500, headers: {}, body: String(error) }));
    answer.writeHead(status, headers).end(body);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const stop = () => new Promise((closed) => { server.close(closed); server.closeAllConnections(); });
  return { origin: `http://127.0.0.1:${server.address().port}`, stop };
};

const answerTo = async (program, { url, headers: { host } }) => {
  const [, first, ...rest] = url.split(/[?#]/)[0].split("/");
  if (first === "mirror") return mirror(program, rest);
  const page = pages.find(({ name }) => name === (first === "bare" ? rest[0] : first));
  if (!page) return { status: 404, headers: { "Content-Type": "text/html" }, body: "<!doctype html><title>Not here</title>" };
  const places = await placesFor(program, "http://" + host, first === "bare");
  const fill = (text) => text.replace(/{{(\w+)}}/g, (_, place) => places[place]);
  const headers = Object.fromEntries(page.header.map((line) => fill(line).split(/: (.*)/)));
  const charset = page.charset || "utf-8";
  return {
    headers: { "Content-Type": "text/html; charset=" + charset, ...headers },
    body: Buffer.from(fill(page.html), charset === "windows-1252" ? "latin1" : "utf8"),
  };
};

// {{tag}} is what shops paste, {{script}} its script alone. Pages that bring the script in by other ways use {{src}} or
// a {{mirror}}; on the bare page these give an empty script.
const placesFor = async (program, host, bare) => {
  const src = bare ? host + "/mirror/none/recourse.js" : program.base + "recourse.js";
  const script = bare ? "" : `<script async src="${src}"></script>`;
  return {
    src, script, host, base: program.base, origin: program.origin, mirror: host + (bare ? "/mirror/none" : "/mirror"),
    tag: bare ? "" : `<recourse-widget><a href="${program.base}en-DE/">Withdrawal, complaints, disputes</a></recourse-widget>${script}`,
    integrity: await integrity(src),
  };
};

const integrity = async (address) => "sha384-" + createHash("sha384").update(Buffer.from(await (await fetch(address)).arrayBuffer())).digest("base64");

// What mirrors get wrong. A fault changes the answer to a file whose name matches.
const faults = {
  none: [[/\.js$/, () => ({ body: "" })]],
  stageless: [[/forms\.\w+\.js$/, () => ({ status: 404, body: "" })]],
  catchall: [[/\.json$/, () => ({ type: "text/html", body: "<!doctype html><title>The shop</title>" })]],
  typeless: [[/\.wasm$/, (file) => ({ ...file, type: "application/octet-stream" })]],
  other: [[/recourse\.js$/, (file) => ({ ...file, body: String(file.body).replace(/forms\.\w+\.js/, "forms.aaaaaaaa.js") })]],
  joined: [[/app\.js$/, (file) => ({ ...file, body: `document.title = "";\n${file.body}\ndocument.title = "joined";\n` })]],
};

const mirror = async (program, [fault, ...rest]) => {
  const wanted = rest.join("/").replace(/app\.js$/, "recourse.js");
  const answer = await fetch(program.base + wanted);
  let file = { status: answer.status, type: answer.headers.get("Content-Type"), body: Buffer.from(await answer.arrayBuffer()) };
  for (const [name, change] of faults[fault] ?? []) if (name.test(rest.at(-1))) file = change(file);
  return { ...file, headers: { "Content-Type": file.type ?? "text/javascript", "Access-Control-Allow-Origin": "*" } };
};
