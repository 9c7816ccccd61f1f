// The trader's side, read over HTTP as a browser would: what the inbox says of a case.
import assert from "node:assert/strict";

// openInbox logs in with the password the program wrote down and returns a reader of inbox pages.
export const openInbox = async (program) => {
  const login = await fetch(program.base + "inbox/login", {
    method: "POST", redirect: "manual", body: new URLSearchParams({ password: await program.password() }),
    headers: { origin: program.origin },
  });
  assert.equal(login.status, 303, "the log-in answers with a redirect");
  const cookie = login.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
  const read = async (address) => {
    const answer = await fetch(new URL(address, program.base), { headers: { cookie } });
    assert.equal(answer.status, 200, address);
    return answer.text();
  };
  return { read, list: () => read("inbox/"), case: async (reference) => read(caseLink(await read("inbox/"), reference)) };
};

// words takes the tags out of a page.
export const words = (html) => html.replace(/<(script|style)[^]*?<\/\1>/g, "").replace(/<[^>]*>/g, " ")
  .replace(/&#(\d+);/g, (_, n) => String.fromCodePoint(n)).replace(/&quot;/g, '"').replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&")
  .replace(/\s+/g, " ");

const caseLink = (list, reference) => {
  const link = [...list.matchAll(/<a [^>]*href="?([^"\s>]+)"?[^>]*>([^]*?)<\/a>/g)].find(([, , text]) => text.includes(reference));
  assert.ok(link, `the inbox links to ${reference}`);
  return new URL(link[1], "http://localhost/legal/inbox/").pathname;
};
