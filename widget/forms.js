// The second stage: shows a form in a dialog and takes in what is typed. loader.js imports it on intent, and the rules
// start with it. What only comes after the first key is in after.js, the dispute notice in notice.js. NOTICE is filled
// in by assets.go.
import { Dialog, showing } from "./dialog.js";
import { element, fill } from "./element.js";
import { Flow } from "./flow.js";
import { asset } from "./fetched.js";

// open shows the form named so; page is the address of the stand-alone page with the same content. options has prefill,
// values by field, and returnFocus, the element that gets the focus when the dialog is closed.
export const open = async (widget, form, definition, page, options = {}) => {
  if (showing()) return;
  if (!definition.nodes) return new Flow(widget, form, definition, options).open();
  const { openNotice } = await asset(NOTICE);
  if (!showing()) openNotice({ Dialog, element, fill }, widget, form, definition, page);
};
