// The trader's side, read over HTTP as a browser would: what the inbox says of a case.
import assert from "node:assert/strict";

// openInbox logs in with the password the program has written down.
export const openInbox = async (program) => {
  const home = program.base + "inbox/";
  const login = await fetch(home + "login", {
    method: "POST", redirect: "manual", body: new URLSearchParams({ login: "owner", password: await program.password() }),
  });
  assert.equal(login.status, 303, "the login leads on");
  const cookie = login.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
  const get = async (address) => {
    const answer = await fetch(new URL(address, home), { headers: { cookie } });
    assert.equal(answer.status, 200, address);
    return answer;
  };
  const read = async (address) => (await get(address)).text();
  return {
    read,
    list: (show = "open") => read("?show=" + show),
    case: (reference) => read("cases/" + reference),
    // post sends a form of the inbox, which answers by leading on.
    post: async (address, fields) => {
      const answer = await fetch(new URL(address, home), { method: "POST", redirect: "manual", headers: { cookie }, body: new URLSearchParams(fields) });
      assert.equal(answer.status, 303, address);
    },
    // bytes downloads what a link on the page of a case leads to.
    bytes: async (link) => Buffer.from(await (await get(new URL(link, home + "cases/"))).arrayBuffer()),
    // references of all cases, over all pages of the list.
    references: async () => {
      const found = [];
      for (let page = "?show=all"; page;) {
        const html = await read(page);
        found.push(...[...html.matchAll(/href="?cases\/([0-9A-Z-]+)/g)].map((match) => match[1]));
        page = /<a href="?(\?[^">]*)"? rel="?next/.exec(html)?.[1].replaceAll("&amp;", "&");
      }
      return found;
    },
  };
};

// words takes the tags out of a page.
export const words = (html) => html.replace(/<(script|style)[^]*?<\/\1>/g, "").replace(/<[^>]*>/g, " ")
  .replace(/&#(\d+);/g, (_, n) => String.fromCodePoint(n)).replace(/&quot;/g, '"').replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&")
  .replace(/\s+/g, " ");
