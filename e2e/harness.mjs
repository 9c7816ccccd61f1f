// Starts the real program with the demo shop, and host pages that paste its tag.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import http from "node:http";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
export const binary = process.env.RECOURSE || path.join(root, "bin", "recourse");
const demo = path.join(root, "examples", "bernstein");

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// until repeats a question until its answer is truthy, and says what it waited for when it never is. It is patient: the
// machine may be busy.
export const until = async (what, ask, { within = 30_000, every = 50 } = {}) => {
  const end = Date.now() + within;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited ${within} ms in vain for ${what}`);
    await sleep(every);
  }
};

export const freePort = () => new Promise((found, failed) => {
  const probe = net.createServer().once("error", failed).listen(0, "127.0.0.1", () => {
    const { port } = probe.address();
    probe.close(() => found(port));
  });
});

// shared is one running program for all tests of this process, except those that stop it, count its cases or need another
// flag. Together they send few declarations: to the program they are one client, who may send thirty in a minute.
let common;
export const shared = () => (common ??= start());

export const stopShared = async () => (await common?.catch(() => null))?.stop();

// start runs `recourse serve` on a free port with fresh folders, until the test t ends or, without one, until stop.
// flags are further ones of the command.
export const start = (t, ...flags) => startShop(t, "bernstein", ...flags);

// startShop does so with another of the examples.
export const startShop = async (t, example, ...flags) => {
  const program = new Program(await freePort(), await mkdtemp(path.join(tmpdir(), "recourse-e2e-")), example, flags);
  t?.after(() => program.stop());
  await program.run();
  return program;
};

// Program is the running server, which can be killed and started again with the same data.
class Program {
  constructor(port, folder, example, flags) {
    this.port = port;
    this.shop = path.join(root, "examples", example, "shop.toml");
    this.flags = flags;
    this.folder = folder;
    this.data = path.join(folder, "data");
    this.dist = path.join(folder, "dist");
    this.origin = `http://localhost:${port}`;
    this.base = this.origin + "/legal/";
    this.log = "";
  }

  async run() {
    this.process = spawn(binary, [
      "serve", "--shop", this.shop, "--site", path.join(demo, "site"),
      "--out", this.dist, "--data", this.data, "--addr", `127.0.0.1:${this.port}`, "--base", this.base, ...this.flags,
    ], { cwd: this.folder, stdio: ["ignore", "pipe", "pipe"] });
    this.ended = new Promise((done) => this.process.once("exit", done));
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on("data", (text) => (this.log += text));
    await until("the program to be ready; it said:\n" + this.log, () => this.ready(), { within: 60_000 });
  }

  async ready() {
    if (this.process.exitCode !== null) throw new Error("the program ended at once:\n" + this.log);
    return fetch(this.origin + "/readyz").then((answer) => answer.ok, () => false);
  }

  // kill ends the program without giving it a chance to tidy up.
  async kill() {
    this.process.kill("SIGKILL");
    await this.ended;
  }

  async stop() {
    this.process.kill("SIGTERM");
    await this.ended;
    await rm(this.folder, { recursive: true, force: true });
  }

  // mails returns the messages the program has written, those to one address when it is given.
  async mails(to = "") {
    const folder = path.join(this.data, "mail");
    const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".eml")).sort();
    const all = await Promise.all(names.map(async (name) => parseMail(await readFile(path.join(folder, name), "utf8"))));
    return all.filter((mail) => mail.headers.to.includes(to));
  }

  // declare sends a declaration as a program would, and returns its receipt.
  async declare({ form = "withdrawal", locale = "de-DE", ...fields }) {
    const answer = await fetch(this.base + "api/v1/submissions", {
      method: "POST", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ id: randomUUID(), shop: "bernstein", form, locale, page: this.origin + "/", fields }),
    });
    if (answer.status !== 201) throw new Error(`a declaration was answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  }

  password() {
    return readFile(path.join(this.data, "inbox-password.txt"), "utf8").then((text) => text.trim());
  }
}

// parseMail reads a message: its headers in lower case, its plain text and its HTML.
export const parseMail = (raw) => {
  const part = splitPart(raw);
  const parts = leaves(part);
  const body = (type) => parts.filter((p) => p.headers["content-type"]?.startsWith(type)).map(decode)[0] ?? "";
  return { raw, headers: { ...part.headers, subject: decodeWords(part.headers.subject) }, text: body("text/plain"), html: body("text/html") };
};

// leaves are the parts of a message that hold no other parts.
const leaves = (part) => {
  const boundary = /boundary="?([^";\r\n]+)/.exec(part.headers["content-type"])?.[1];
  return boundary ? part.body.split("--" + boundary).slice(1, -1).flatMap((p) => leaves(splitPart(p.replace(/^\r?\n/, "")))) : [part];
};

const splitPart = (raw) => {
  const [head, ...rest] = raw.split(/\r?\n\r?\n/);
  const lines = head.replace(/\r?\n[ \t]+/g, " ").split(/\r?\n/);
  const headers = Object.fromEntries(lines.map((line) => [line.split(":")[0].toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]));
  return { headers, body: rest.join("\n\n") };
};

const decode = ({ headers, body }) => {
  switch (headers["content-transfer-encoding"]?.toLowerCase()) {
    case "base64": return Buffer.from(body, "base64").toString("utf8");
    case "quoted-printable": return unquote(body.replace(/=\r?\n/g, ""));
    default: return body;
  }
};

const unquote = (text) => Buffer.from(text.replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))), "latin1").toString("utf8");

const decodeWords = (text = "") => text.replace(/\?=\s+=\?/g, "?==?").replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind, word) =>
  kind.toLowerCase() === "b" ? Buffer.from(word, "base64").toString("utf8") : unquote(word.replaceAll("_", " ")));

// hostPages serves pages of another shop on another site: 127.0.0.1, where the program is on localhost. A page is its
// body with the tag pasted, and the headers of that shop. They go away with the test (or the hook's context) t.
export const hostPages = async (t, pages) => {
  const server = http.createServer((request, answer) => {
    const page = pages[new URL(request.url, "http://host").pathname];
    answer.writeHead(page ? 200 : 404, { "Content-Type": "text/html; charset=utf-8", ...page?.headers });
    answer.end(page?.html);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  t.after(() => new Promise((closed) => { server.close(closed); server.closeAllConnections(); }));
  return `http://127.0.0.1:${server.address().port}`;
};

// hostPage is a small shop page around what its owner pasted.
export const hostPage = (pasted, { lang = "en", headers = {} } = {}) => ({
  headers,
  html: `<!doctype html><html lang="${lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Another shop</title><link rel="icon" href="data:,"><main><h1>Another shop</h1><p>Goods.</p></main><footer>${pasted}</footer></html>`,
});

// tag is what a shop pastes.
export const tag = (program, attributes = "") =>
  `<recourse-widget ${attributes}><a href="${program.base}en-DE/">Withdrawal, complaints, disputes</a></recourse-widget><script async src="${program.base}recourse.js"></script>`;
