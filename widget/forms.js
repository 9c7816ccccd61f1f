// The second stage: draws a form or the dispute notice in a dialog. loader.js imports it on intent.
import { Flow } from "./flow.js";
import { openNotice } from "./notice.js";

// open shows the form named so; page is the address of the stand-alone page with the same content.
export const open = (widget, form, definition, page) => {
  if (widget.dialog?.node.matches(":modal")) return;
  widget.dialog?.node.remove(); // its place in the page was moved or thrown away while it was open
  if (definition.nodes) openNotice(widget, form, definition, page);
  else new Flow(widget, form, definition).open();
};
