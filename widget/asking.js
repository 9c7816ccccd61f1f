// What the rules and the server say of values.
import { check as askServer } from "./send.js";
import { valueOf } from "./values.js";

const prepared = new WeakMap(); // rules by the definition they know

// ready gives the rules, with the months and holidays of the form's locale; null where they do not run.
const ready = ({ rules, d }) => {
  const running = rules.now();
  if (running && prepared.get(running) !== d) {
    running.setMonths(d.months);
    running.setClosed(d.period ? sums(d.period.closed) : []);
    prepared.set(running, d);
  }
  return running;
};

// sums undoes the differences in which days are written.
const sums = (steps) => {
  let day = 0;
  return steps.map((step) => (day += step));
};

// soon gives rules that are on their way a moment, so that most people are told of a slip before they go on.
const soon = ({ rules }) => rules.now() || Promise.race([rules.start(), new Promise((done) => setTimeout(done, 1000))]);

// ask lists what is wrong with the fields, or is null where only the server can say.
export const ask = (flow, fields) => {
  const rules = ready(flow), { d, draft } = flow, problems = [];
  for (const field of fields) {
    const answer = rules?.check(d.form, field.name, valueOf(field, draft), today());
    if (!answer) return flow.rules.start(), null; // they may have stopped
    const rule = d.rules[answer.rule] || (field.type === "files" && fileRule(d, draft));
    if (rule) problems.push({ field: field.name, code: field.name + "." + rule, over: answer.over });
  }
  return problems;
};

// problemsOf asks the rules, and without them the server, which knows the same rules and the same words.
export const problemsOf = async (flow, fields) => {
  await soon(flow);
  const names = fields.map((field) => field.name);
  return ask(flow, fields) || (await asked(flow)).filter((problem) => names.includes(problem.field));
};

// asked lists what the server says. How large files are is known before they are sent.
const asked = async (flow) => {
  const { d, draft } = flow, problems = await askServer(flow);
  const large = draft.files.some((file) => file.size >= d.bytes) && !problems.some((problem) => problem.field === "files");
  return large ? [...problems, { field: "files", code: "files.too-large" }] : problems;
};

// suggestion is another address that may be meant, or "".
export const suggestion = (flow, address) => ready(flow)?.suggest(address);

// lastDay is the last day of the period for withdrawing that begins on the date, and whether it is over.
export const lastDay = (flow, date) => {
  const day = flow.d.period && ready(flow)?.ends(date, flow.d.period.days);
  return day && { day, over: day < today() };
};

// The rules see names only; a file's size is known before it is sent.
const fileRule = (d, { files }) =>
  files.some((file) => !file.size) ? "empty" : files.some((file) => file.size >= d.bytes) ? "too-large" : "";

// today counts days since 1970-01-01, where the visitor is.
const today = () => Math.floor((Date.now() - new Date().getTimezoneOffset() * 6e4) / 864e5);
