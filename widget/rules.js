// The rules of package form, as WebAssembly. They come after the form and nobody waits for them to type: until they
// are here, and where they may not run, the server is the only one to check. RULES is filled in by assets.go.
import { valueOf } from "./values.js";

let go, starting, months;

const address = (name) => new URL(name, import.meta.url).href;

// start may be called again after a failure: the next form tries anew.
const start = async () => {
  try {
    const host = await import(address(RULES.host));
    go = await host.start(address(RULES.wasm), RULES.integrity);
  } catch (error) {
    starting = null;
    console.info("recourse: the rules cannot run here, the server checks alone", error);
  }
};

export class Rules {
  constructor(definition) {
    this.d = definition;
    if (RULES) starting ||= start();
  }

  // soon gives rules that are on their way a moment, so that most people are told of a slip before they go on.
  soon() {
    return go || Promise.race([starting, new Promise((done) => setTimeout(done, 1000))]);
  }

  // check lists what is wrong with the fields, or is null where only the server can say.
  check(fields, draft) {
    if (!go) return null;
    const { d } = this, problems = [];
    if (months !== d.months) go.setMonths((months = d.months));
    for (const field of fields) {
      const answer = go.check(d.form, field.name, valueOf(field, draft), today());
      if (!answer) return null;
      const rule = d.rules[answer.rule] || (field.type === "files" && fileRule(d, draft));
      if (rule) problems.push({ field: field.name, code: field.name + "." + rule, over: answer.over });
    }
    return problems;
  }
}

// The rules see names only; a file's size is known before it is sent.
const fileRule = (d, { files }) =>
  files.some((file) => !file.size) ? "empty" : files.some((file) => file.size >= d.bytes) ? "too-large" : "";

// today counts days since 1970-01-01, where the visitor is.
const today = () => Math.floor((Date.now() - new Date().getTimezoneOffset() * 6e4) / 864e5);
