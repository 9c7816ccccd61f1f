import { valueOf } from "./values.js";

// An id made here lets the same declaration be sent again without becoming a second one.
// randomUUID exists on https pages only.
const newId = () => crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))]
  .map((byte, i) => (i === 6 ? (byte & 15) | 64 : i === 8 ? (byte & 63) | 128 : byte).toString(16).padStart(2, "0")).join("")
  .replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");

// named gives a draft its id.
export const named = (draft) => (draft.id ||= newId());

// How long a declaration may take to be sent, files included, before the visitor gets another way; and how long a
// visitor who goes on waits to hear of a slip.
const patience = 300000, glance = 5000;

// When the connection breaks, the same declaration goes out again after so many milliseconds each.
const pauses = [1000, 3000];

// send posts a declaration. It returns {receipt}, {problems} or {failed}, the key of the text that says why; it
// never throws, since whatever happened, what was written is still there. tell has again(), called before another try,
// and progress(share), how much of the files is sent, from 0 to 1.
export const send = async ({ d, draft }, tell) => {
  for (let tries = 0; ; tries++) {
    const answer = await post("api/v1/submissions", d, draft, draft.files, patience, tell.progress);
    if (answer.failed !== "failed" || tries === pauses.length) return answer;
    tell.again();
    await new Promise((done) => setTimeout(done, pauses[tries]));
  }
};

// check asks the server what is wrong with what was entered so far, where the rules cannot run here. Of files it needs
// the beginning. An answer that does not come is no problem of the visitor's: the server looks again at the end.
export const check = async ({ d, draft }) => {
  const heads = draft.files.map((file) => new File([file.slice(0, 512)], file.name));
  return (await post("api/v1/checks", d, draft, heads, glance)).problems || [];
};

const post = async (path, d, draft, files, time, progress) => {
  named(draft);
  try {
    const { status, content } = await (progress && files.length ? upload : request)(new URL(path, d.action), bodyOf(d, draft, files), time, progress);
    if (status < 300 && content.reference) return { receipt: content };
    if (status === 409) draft.id = ""; // was used for other content, so this is another declaration
    if (status === 422 && content.problems?.length) return { problems: content.problems };
    return { failed: { 413: "too-large", 429: "busy" }[status] || "failed" };
  } catch {
    return { failed: navigator.onLine === false ? "offline" : "failed" };
  }
};

const headers = { accept: "application/json" };

const request = async (url, body, time) => {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), time);
  try {
    const answer = await fetch(url, { method: "POST", body, headers, signal: stop.signal, credentials: "omit" });
    return { status: answer.status, content: await answer.json().catch(() => ({})) };
  } finally {
    clearTimeout(timer);
  }
};

// Only an old XMLHttpRequest tells how far an upload is.
const upload = (url, body, time, progress) => new Promise((done, fail) => {
  const asked = new XMLHttpRequest();
  asked.open("POST", url);
  asked.setRequestHeader("accept", headers.accept);
  asked.responseType = "json";
  asked.timeout = time;
  asked.upload.onprogress = ({ loaded, total }) => progress(loaded / total);
  asked.onload = () => done({ status: asked.status, content: asked.response || {} });
  asked.onerror = asked.ontimeout = asked.onabort = fail;
  asked.send(body);
});

// A declaration goes out as a plain form would: no preflight for most, and no JSON.stringify, which old Prototype.js
// breaks.
const bodyOf = (d, draft, files) => {
  const { id, values } = draft;
  const body = new FormData();
  const page = location.origin + location.pathname; // the query may hold what is nobody's business
  for (const [name, value] of Object.entries({ id, shop: d.shop, form: d.form, locale: d.locale, page, version: d.version || "" })) body.append(name, value);
  for (const field of d.pages.flatMap(({ fields }) => fields)) {
    if (field.type !== "files") body.append(field.name, valueOf(field, draft));
  }
  body.append(d.trap, values[d.trap] || "");
  for (const file of files) body.append("files", file, file.name);
  return body;
};
