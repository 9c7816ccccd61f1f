// The host of the rules that run in the visitor's browser (widget/wasm): the few system calls a Go module for WASI
// makes, and plain functions in front of its exports. An ES module; it reads and writes no global of the page,
// where shops keep a "process", an "fs" or a "Go" of their own.
//
//   const rules = await start("https://…/rules.wasm", "sha384-…");
//   rules.setMonths(["3=March", "3=mar"]);
//   rules.check("withdrawal", "email", "a@b", 20777);   // {rule: 13, over: 0}; rule 0 is fine
//   rules.clean("withdrawal", "name", " Anna\u200b ");   // "Anna"
//
// rule is the number of a form.Rule; today counts days since 1970-01-01. The answer is null where the rules cannot
// say: an unknown field, a text beyond a megabyte, a module that has stopped. Then the server says it.

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const started = new Map();

// start loads the rules once for each address. A failure is not remembered: the next call tries again.
export async function start(url, integrity) {
  const address = String(url);
  if (!started.has(address)) started.set(address, load(address, integrity));
  try {
    return await started.get(address);
  } catch (error) {
    started.delete(address);
    throw error;
  }
}

async function load(address, integrity = "") {
  const response = await fetch(address, { integrity });
  if (!response.ok) throw new Error(`recourse: the rules at ${address} answered ${response.status}`);
  const system = new System();
  const { instance } = await instantiate(response, { wasi_snapshot_preview1: system.calls() });
  system.memory = instance.exports.memory;
  instance.exports._initialize();
  return new Rules(instance.exports, () => started.delete(address));
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

  constructor(exports, stopped) {
    this.#exports = exports;
    this.#stopped = stopped;
  }

  check(form, field, value, today) {
    const answer = this.#call([form, field, value], (exports, n) => exports.check(n, today));
    return answer === null ? null : { rule: answer & 0xff, over: answer >> 8 };
  }

  clean(form, field, value) {
    return this.#call([form, field, value], (exports, n) => {
      const length = exports.clean(n);
      return length < 0 ? length : decoder.decode(new Uint8Array(exports.memory.buffer, exports.reserve(0), length));
    });
  }

  setMonths(names) {
    this.#call(names, (exports, n) => exports.months(n));
  }

  // #call writes the lines and lets the module work on them. A module that has failed once is not trusted again.
  #call(lines, work) {
    if (!this.#exports) return null;
    try {
      const bytes = encoder.encode(lines.join("\n").normalize("NFC"));
      const address = this.#exports.reserve(bytes.length);
      if (!address) return null;
      new Uint8Array(this.#exports.memory.buffer, address, bytes.length).set(bytes);
      const answer = work(this.#exports, bytes.length);
      return answer < 0 ? null : answer;
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
