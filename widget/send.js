import { valueOf } from "./values.js";

// An id made here lets the same declaration be sent again without becoming a second one.
// randomUUID exists on https pages only.
export const newId = () => crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))]
  .map((byte, i) => (i === 6 ? (byte & 15) | 64 : i === 8 ? (byte & 63) | 128 : byte).toString(16).padStart(2, "0")).join("")
  .replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");

// How long a declaration may take to be sent, files included, before the visitor gets another way.
const patience = 300000;

// send posts a declaration. It returns {receipt}, {problems} or {failed}, the key of the text that says why; it
// never throws, since whatever happened, what was written is still there.
export const send = async (d, draft) => {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patience);
  try {
    const answer = await fetch(new URL("api/v1/submissions", d.action), {
      method: "POST", body: bodyOf(d, draft), headers: { accept: "application/json" }, signal: stop.signal, credentials: "omit",
    });
    const content = await answer.json().catch(() => ({}));
    if (answer.ok && content.reference) return { receipt: content };
    if (answer.status === 422 && content.problems?.length) return { problems: content.problems };
    return { failed: { 413: "too-large", 429: "busy" }[answer.status] || "failed" };
  } catch {
    return { failed: navigator.onLine === false ? "offline" : "failed" };
  } finally {
    clearTimeout(timer);
  }
};

// A declaration goes out as a plain form would: no preflight, and no JSON.stringify, which old Prototype.js breaks.
const bodyOf = (d, draft) => {
  const { id, values, files } = draft;
  const body = new FormData();
  const page = location.origin + location.pathname; // the query may hold what is nobody's business
  for (const [name, value] of Object.entries({ id, shop: d.shop, form: d.form, locale: d.locale, page })) body.append(name, value);
  for (const field of d.pages.flatMap(({ fields }) => fields)) {
    if (field.type !== "files") body.append(field.name, valueOf(field, draft));
  }
  body.append(d.trap, values[d.trap] || "");
  for (const file of files) body.append("files", file, file.name);
  return body;
};
