import { element, fill } from "./element.js";
import { longDate, spell } from "./values.js";

// answers are the label and value of every field, "Not provided" where there is none.
export const answers = (d, draft) => d.pages.flatMap(({ fields }) =>
  fields.map((field) => [field.label, spell(d, field, draft) || d.text["not-provided"]]));

// statement is the declaration as plain text, for a mail where sending fails.
export const statement = (d, draft) => [d.text.declaration, ...answers(d, draft).map((pair) => pair.join(": "))].join("\n");

// moment writes a point in time as the shop's clock shows it, with its zone: "20 November 2026, 14:03 CET (UTC+01:00)".
const moment = (d, time) => {
  const at = new Date(time);
  const part = (language, options) => Object.fromEntries(new Intl.DateTimeFormat(language, { timeZone: d.zone, ...options })
    .formatToParts(at).map(({ type, value }) => [type, value]));
  const { year, month, day, hour, minute } = part("en-GB", { year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });
  const offset = part("en-GB", { timeZoneName: "longOffset" }).timeZoneName.replace("GMT", "UTC");
  const name = part(d.lang === "en" ? "en-GB" : d.locale, { timeZoneName: "short" }).timeZoneName;
  return fill(d.date.moment, {
    date: longDate(d, year, month, +day), time: hour + ":" + minute,
    zone: /[+-]|UTC/.test(name) ? offset : `${name} (${offset})`,
  });
};

const details = (pairs) => element("dl.rc-review", null, pairs.map(([label, value, fixed]) => element("div.rc-row", null,
  element("dt", null, label), element("dd.rc-value", { dir: "auto", translate: fixed && "no" }, value))));

// receipt is what stays in the dialog after sending. actions are its buttons; they are neither saved nor printed.
export const receipt = (d, draft, actions) => {
  const { words } = d, { reference, received_at, receipt_url, status_url, emailed } = draft.receipt;
  const to = { email: draft.values.email };
  // A link leads to a page: what else an answer says of it, a script above all, is not followed.
  const link = (url, text) => /^https?:/.test(url) && element("p", null, element("a", { href: url, target: "_blank", rel: "noopener" }, text));
  return element("div.rc-receipt", null,
    details([[words.reference, reference, true], [words["received-at"], moment(d, received_at)], [words["sent-to"], d.trader + ", " + d.mail, true]]),
    element("p", null, fill(words[emailed ? "mail" : "mail-kept"], to)),
    element("div.rc-actions", null, actions),
    element("h2", null, words.next), element("p", null, fill(words["next.text"], to)),
    link(status_url, words.status), link(receipt_url, words.receipt),
    element("h2", null, words["you-sent"]), element("p.rc-declaration", null, d.text.declaration), details(answers(d, draft)));
};

// signed fetches the server's text file, which carries a signature; nothing, where it does not come soon.
const signed = async ({ receipt_url }) => {
  try {
    if (!/^https?:/.test(receipt_url)) return;
    const answer = await fetch(receipt_url + "/receipt.txt", { credentials: "omit", signal: AbortSignal.timeout(3000) });
    if (answer.ok) return await answer.blob();
  } catch { /* there is always the other one */ }
};

// save hands out a text file: the server's, or one made in the browser, which works when all else fails.
export const save = async (title, view, receipt) => {
  const lines = [...view.querySelectorAll(".rc-row, h2, p")].map((node) => {
    const link = node.querySelector("a");
    return node.matches(".rc-row") ? [...node.children].map((cell) => cell.textContent).join(": ")
      : "\n" + node.textContent + (link ? "\n" + link.href : "");
  });
  // The mark at the start tells older editors that this is UTF-8.
  const own = new Blob(["\ufeff" + [title, "", ...lines, ""].join("\n").replace(/\n/g, "\r\n")], { type: "text/plain;charset=utf-8" });
  const file = (await signed(receipt)) || own;
  const link = element("a", { href: URL.createObjectURL(file), download: receipt.reference + ".txt" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
};

// print prints the receipt alone, in a frame of its own: the shop's page behind the dialog is not part of it.
export const print = (title, view) => {
  const { lang, dir } = view.closest("dialog");
  view.parentNode.querySelector("iframe")?.remove(); // of an earlier print
  const frame = element("iframe.rc-hidden", { "aria-hidden": "true", tabindex: -1 });
  frame.onload = () => {
    const { contentDocument: page, contentWindow: self } = frame;
    const sheet = new self.CSSStyleSheet();
    sheet.replaceSync("body{font:11pt/1.5 system-ui,sans-serif}dt{font-weight:bold}dd{margin:0 0 .6em;white-space:pre-wrap}");
    page.adoptedStyleSheets = [sheet];
    page.title = title;
    Object.assign(page.documentElement, { lang, dir });
    page.body.replaceChildren(element("h1", null, title), page.importNode(view, true));
    page.querySelector(".rc-actions").remove();
    self.print();
  };
  view.after(frame);
};
