// The draft on the visitor's device: only after a press, in this tab only, for a day, until it is sent or deleted.
import { element, press } from "./element.js";

const key = ({ form }) => "recourse-" + form;

// keep writes a draft that is to be kept. Not as JSON, which old Prototype.js breaks. Files stay where they are, and
// without them it is another declaration.
export const keep = (flow) => {
  const { kept, values, files, id } = flow.draft;
  if (!kept) return;
  try {
    sessionStorage.setItem(key(flow), new URLSearchParams({ ...values, id: !files.length && id || "", at: kept }));
  } catch {
    flow.draft.kept = false; // no storage here, or it is full
  }
};

// forget removes what is on the device of one form, or of all.
export const forget = (flow) => {
  try {
    for (const name of Object.keys(sessionStorage)) if (name.startsWith(flow ? key(flow) : "recourse-")) sessionStorage.removeItem(name);
  } catch {} // then nothing was kept
};

// able says whether anything can be kept here: sandboxed frames and some settings forbid it.
const able = () => {
  try {
    return !!sessionStorage;
  } catch {}
};

// keepLine offers to keep the draft once there is one, and says that it is kept.
export const keepLine = (flow) => {
  const { d: { words }, draft, dialog } = flow;
  if (!draft.touched || dialog.foot.hasChildNodes() || !able()) return;
  const line = element("div.rc-keep");
  const show = () => line.replaceChildren(...(draft.kept ? [element("p", null, words.keeps), press("rc-link", words["delete-draft"], () => discard(flow))]
    : [press("rc-link", words.keep, () => {
      draft.kept = Date.now();
      setTimeout(() => forget(flow), 864e5); // a day, should this page be open for so long
      keep(flow);
      show();
      line.tabIndex = -1;
      line.focus(); // the button is gone
    }), element("p.rc-hint", null, words["keep-hint"])]));
  show();
  dialog.foot.replaceChildren(line);
};

// discard deletes what was written, here and on the device. The other form's draft goes too: it would give the name
// and the address back.
export const discard = (flow) => {
  forget();
  flow.drafts.clear();
  flow.restart();
  flow.dialog.say(flow.d.words["draft-deleted"]);
};
