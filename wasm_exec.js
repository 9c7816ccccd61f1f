// The host of the rules that run in the visitor's browser (widget/wasm): the few system calls a Go module for WASI
// makes, and plain functions in front of its exports. An ES module; it reads and writes no global of the page,
// where shops keep a "process", an "fs" or a "Go" of their own.
//
//   const rules = await start("https://…/rules.wasm");
//   rules.setMonths(["3=March", "3=mar"]);              // names people may type for a month
//   rules.setClosed([20812, 20813]);                    // public holidays; each call replaces the last
//   rules.check("withdrawal", "email", "a@b", 20777);   // {rule: 13, over: 0}; rule 0 is fine
//   rules.suggest("anna@gmial.com");                    // "anna@gmail.com"; "" if it looks right
//   rules.ends("2026-march-20", 14);                    // 20546, the last day of 14 that begin to run on that date
//
// rule is the number of a form.Rule; days count from 1970-01-01. The answer of check and ends is null where the rules
// cannot say: an unknown field, no date, a text beyond a million characters, a module that has stopped. After a stop
// a new start gives other rules, which know no months and no holidays yet; the third stop is the last.

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const started = new Map();
const stops = new Map(); // by address too
const mostStops = 3;
const unknown = -0x80000000;

// start loads the rules once for each address. A failure is not remembered: the next call tries again. Rules that
// have stopped may be started anew, but not for ever.
// wait, if it is there, is called before they are compiled.
export async function start(url, wait) {
  const address = String(url);
  if (stops.get(address) >= mostStops) throw new Error(`recourse: the rules at ${address} stop again and again`);
  if (!started.has(address)) started.set(address, load(address, wait));
  try {
    return await started.get(address);
  } catch (error) {
    started.delete(address);
    throw error;
  }
}

async function load(address, wait) {
  const response = await fetch(address);
  await wait?.();
  if (!response.ok) throw new Error(`recourse: the rules at ${address} answered ${response.status}`);
  const system = new System();
  const { instance } = await instantiate(response, { wasi_snapshot_preview1: system.calls() });
  system.memory = instance.exports.memory;
  instance.exports._initialize?.(); // gone where it has been called at build time, see widget/slim
  return new Rules(instance.exports, () => {
    started.delete(address);
    stops.set(address, (stops.get(address) || 0) + 1);
  });
}

// Servers that do not know .wasm send it with another type, which streaming refuses.
async function instantiate(response, imports) {
  const type = response.headers.get("Content-Type") || "";
  if (/^application\/wasm\s*(;|$)/i.test(type)) return WebAssembly.instantiateStreaming(response, imports);
  return WebAssembly.instantiate(await response.arrayBuffer(), imports);
}

class Rules {
  #exports;
  #stopped;
  #room; // where texts are written; the same for all but very long ones

  constructor(exports, stopped) {
    this.#exports = exports;
    this.#stopped = stopped;
  }

  check(form, field, value, today) {
    const answer = this.#call("check", form + "\n" + field + "\n" + value, today);
    return answer === null ? null : { rule: answer & 0xff, over: answer >> 8 };
  }

  suggest(address) {
    const length = this.#call("suggest", address);
    return length ? decoder.decode(new Uint8Array(this.#exports.memory.buffer, this.#exports.reserve(0), length)) : "";
  }

  ends(value, days) {
    return this.#call("ends", value, days);
  }

  setMonths(names) {
    this.#call("months", names.join("\n"));
  }

  setClosed(days) {
    this.#call("closed", days.join("\n"));
  }

  // #call writes a text and lets the module work on it. A module that has failed once is not trusted again.
  #call(name, text, number) {
    if (!this.#exports) return null;
    try {
      text = text.normalize("NFC");
      const most = text.length * 3; // octets of UTF-8
      if (!(this.#room?.length >= most)) { // none yet, too little, or gone because the memory has grown
        const size = Math.max(most, 4096), address = this.#exports.reserve(size);
        if (!address) return null;
        this.#room = new Uint8Array(this.#exports.memory.buffer, address, size);
      }
      const { written } = encoder.encodeInto(text, this.#room);
      const answer = this.#exports[name](written, number);
      return answer === unknown ? null : answer;
    } catch (error) {
      this.#exports = null;
      this.#stopped();
      console.warn("recourse: the rules have stopped, the server checks alone", error);
      return null;
    }
  }
}

const done = 0;

// System answers the system calls: no arguments, no environment, no files; a clock, chance, and an end.
class System {
  memory = null;
  #said = "";

  calls() {
    return {
      args_sizes_get: (count, size) => this.#numbers(count, 0, size, 0),
      args_get: () => done,
      environ_sizes_get: (count, size) => this.#numbers(count, 0, size, 0),
      environ_get: () => done,
      clock_time_get: (clock, precision, out) => this.#now(clock, out),
      random_get: (out, length) => this.#chance(out, length),
      fd_write: (file, parts, count, written) => this.#write(parts, count, written),
      poll_oneoff: (waits, events, count, happened) => this.#numbers(happened, count), // nobody sleeps here
      sched_yield: () => done,
      proc_exit: (code) => {
        throw new Error(`exit ${code}: ${this.#said.trim()}`);
      },
    };
  }

  get #view() {
    return new DataView(this.memory.buffer); // a fresh one: growing the memory detaches the old
  }

  #numbers(...pairs) {
    for (let i = 0; i < pairs.length; i += 2) this.#view.setUint32(pairs[i], pairs[i + 1], true);
    return done;
  }

  // Clock 0 is the time of day, the others only need to run forwards. In nanoseconds.
  #now(clock, out) {
    const milliseconds = clock === 0 ? Date.now() : performance.now();
    this.#view.setBigUint64(out, BigInt(Math.round(milliseconds * 1e6)), true);
    return done;
  }

  #chance(out, length) {
    crypto.getRandomValues(new Uint8Array(this.memory.buffer, out, length));
    return done;
  }

  // Only a failing module writes; its last words belong to the error.
  #write(parts, count, written) {
    let total = 0;
    for (let i = 0; i < count; i++) {
      const start = this.#view.getUint32(parts + 8 * i, true);
      const length = this.#view.getUint32(parts + 8 * i + 4, true);
      this.#said += decoder.decode(new Uint8Array(this.memory.buffer, start, length));
      total += length;
    }
    return this.#numbers(written, total);
  }
}
