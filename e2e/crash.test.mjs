// The program is killed in the middle of two hundred submissions. What was answered 201 is there; what was sent again
// is there once.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import http from "node:http";
import test, { after, before } from "node:test";
import { sleep, start, until } from "./harness.mjs";
import { openInbox } from "./inbox.mjs";

const submissions = 200, senders = 8, kills = 5;

let program;
before(async () => { program = await start(); });
after(() => program?.stop());

test(`${submissions} submissions through ${kills} kills: none lost, none doubled`, async () => {
  const sent = [], confirmed = new Map(), retried = new Set();
  let next = 0;
  const sender = async (host) => {
    while (next < submissions) {
      const one = declaration(next++);
      sent.push(one);
      for (;;) {
        const answer = await post(one, host).catch(() => null);
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
  // Every sender has an address of its own, so that nobody sends more than one client may.
  await Promise.all([killer(), ...Array.from({ length: senders }, (_, i) => sender(i))]);

  const references = await (await openInbox(program)).references();
  assert.equal(confirmed.size, submissions);
  assert.ok(retried.size > 0, "the kills have hit something");
  assert.equal(references.length, submissions, "as many cases as submissions");
  assert.deepEqual([...confirmed.values()].filter((reference) => !references.includes(reference)), [], "every confirmed case is there");
  assert.equal(new Set(confirmed.values()).size, submissions, "no two submissions share a reference");
  const acknowledged = await until("an acknowledgement for everybody", async () => {
    const mails = await program.mails("@crash.example");
    return new Set(mails.map((mail) => mail.headers.to)).size === submissions && mails;
  }, { within: 60_000, every: 500 });
  assert.equal(new Set(acknowledged.map((mail) => mail.headers["message-id"])).size, submissions, "nobody is acknowledged twice under another number");
});

const declaration = (n) => ({
  id: randomUUID(), shop: "bernstein", form: n % 2 ? "withdrawal" : "complaint", locale: ["de-DE", "en-PL", "it-IT"][n % 3], page: "",
  fields: n % 2
    ? { name: `Visitor ${n}`, contract: `order ${n}`, email: `v${n}@crash.example` }
    : { name: `Visitor ${n}`, email: `v${n}@crash.example`, reason: "late", description: `Parcel ${n} is late.` },
});

// One client may send thirty in a minute; addresses of the loopback network are as many clients as one likes.
let client = 0;
const post = ({ again, ...body }) => new Promise((done, failed) => {
  const text = JSON.stringify(body), last = client++ % 60_000;
  const request = http.request({
    host: "127.0.0.1", port: program.port, path: "/legal/api/v1/submissions", method: "POST", agent: false, timeout: 10_000,
    localAddress: `127.1.${last >> 8}.${last & 255}`, headers: { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(text) },
  }, (answer) => {
    let received = "";
    answer.setEncoding("utf8").on("data", (part) => (received += part)).on("end", () => done({ status: answer.statusCode, body: received })).on("error", failed);
  });
  request.on("error", failed).on("timeout", () => request.destroy(new Error("no answer in time")));
  request.end(text);
});
