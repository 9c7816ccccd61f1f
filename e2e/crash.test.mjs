// The program is killed in the middle of two hundred submissions. What was answered 201 is there; what was sent again
// is there once.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import http from "node:http";
import test from "node:test";
import { sleep, start, until } from "./harness.mjs";
import { openInbox, words } from "./inbox.mjs";
import { reference } from "./journeys.mjs";

const submissions = 200, senders = 8, kills = 5;

test(`${submissions} submissions through ${kills} kills: none lost, none doubled`, async (t) => {
  const program = await start(t);
  const sent = [], confirmed = new Map(), retried = new Set();
  let next = 0;
  const sender = async () => {
    while (next < submissions) {
      const one = declaration(next++);
      sent.push(one);
      for (;;) {
        const answer = await post(program.port, one).catch(() => null);
        if (answer?.status === 201 || answer?.status === 200) {
          const { reference } = JSON.parse(answer.body);
          assert.equal(confirmed.get(one.id) ?? reference, reference, "the same submission has one reference");
          confirmed.set(one.id, reference);
          // Half of those that were told "received" ask once more, as a nervous visitor does.
          if (!one.again && Math.random() < 0.5) one.again = true;
          else break;
        } else {
          if (answer) assert.ok(answer.status === 503, `unexpected answer ${answer.status}: ${answer.body}`);
          retried.add(one.id);
          await sleep(20);
        }
      }
    }
  };
  const killer = async () => {
    for (let i = 1; i <= kills; i++) {
      await until("some progress", () => confirmed.size >= (submissions / (kills + 1)) * i, { within: 60_000, every: 1 });
      await program.kill();
      await program.run();
    }
  };
  await Promise.all([killer(), ...Array.from({ length: senders }, sender)]);

  const references = await (await openInbox(program)).references();
  assert.equal(confirmed.size, submissions);
  assert.ok(retried.size > 0, "the kills have hit something");
  assert.equal(references.length, submissions, "as many cases as submissions");
  assert.deepEqual([...confirmed.values()].filter((reference) => !references.includes(reference)), [], "every confirmed case is there");
  assert.equal(new Set(confirmed.values()).size, submissions, "no two submissions share a reference");
  await expectLetters(program, confirmed);
});

// expectLetters: a letter that was on its way when the program was killed waits for its lease to end; all others are out.
// Nobody is written to twice, and nobody is forgotten.
const expectLetters = async (program, confirmed) => {
  const batch = 10;
  const mails = await until("the acknowledgements", async () => {
    const out = await program.mails("@crash.example");
    return out.length >= submissions - kills * batch && out;
  }, { within: 60_000, every: 500 });
  assert.equal(new Set(mails.map((mail) => mail.headers.to)).size, mails.length, "one acknowledgement for each");
  const acknowledged = mails.map((mail) => reference.exec(mail.headers.subject)[0]);
  const inbox = await openInbox(program);
  for (const one of [...confirmed.values()].filter((reference) => !acknowledged.includes(reference))) {
    await until(`the acknowledgement of ${one} to be out or to wait`, async () =>
      /@crash\.example Wartet/.test(words(await inbox.case(one))) || (await program.mails("@crash.example")).some((mail) => mail.headers.subject.includes(one)));
  }
};

const declaration = (n) => ({
  id: randomUUID(), shop: "bernstein", form: n % 2 ? "withdrawal" : "complaint", locale: ["de-DE", "en-PL", "it-IT"][n % 3], page: "",
  fields: n % 2
    ? { name: `Visitor ${n}`, contract: `order ${n}`, email: `v${n}@crash.example` }
    : { name: `Visitor ${n}`, email: `v${n}@crash.example`, reason: "late", description: `Parcel ${n} is late.` },
});

// One client may send thirty in a minute; addresses of the loopback network are as many clients as one likes.
let client = 0;
const post = (port, { again, ...body }) => new Promise((done, failed) => {
  const text = JSON.stringify(body), last = client++ % 60_000;
  const request = http.request({
    host: "127.0.0.1", port, path: "/legal/api/v1/submissions", method: "POST", agent: false, timeout: 10_000,
    localAddress: `127.1.${last >> 8}.${last & 255}`, headers: { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(text) },
  }, (answer) => {
    let received = "";
    answer.setEncoding("utf8").on("data", (part) => (received += part)).on("end", () => done({ status: answer.statusCode, body: received })).on("error", failed);
  });
  request.on("error", failed).on("timeout", () => request.destroy(new Error("no answer in time")));
  request.end(text);
});
