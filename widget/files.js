import { element, fill } from "./element.js";
import { link } from "./review.js";

// drawFiles is the input for files with a list of those that were chosen, each with a picture where there is one.
export const drawFiles = ({ d, draft }, field, common) => {
  const picker = element("input.rc-file", { ...common, type: "file", multiple: true, accept: d.accept, onchange: () => {
    draft.files.push(...picker.files);
    picker.value = ""; // the list has them now, and the same file may be picked again
    for (const old of picker.parentNode.querySelectorAll(".rc-attached, .rc-files")) old.remove();
    picker.before(...attached(d, draft, picker));
  } });
  return [attached(d, draft, picker), picker];
};

const attached = (d, draft, picker) => draft.files.length ? [
  element("p.rc-attached", null, d.text.attached),
  element("ul.rc-files", null, draft.files.map((file) => element("li", null,
    preview(d, file), element("bdi", null, file.name), element("span.rc-hint", null, size(d, file)),
    link(d.text.remove, fill(d.text["remove-file"], { name: file.name }), () => {
      draft.files.splice(draft.files.indexOf(file), 1);
      picker.dispatchEvent(new Event("change", { bubbles: true }));
      picker.focus();
    })))),
] : [];

const size = ({ lang }, { size }) => size < 1e6 ? number(lang, Math.ceil(size / 1e3), "kilobyte") : number(lang, Math.ceil(size / 1e5) / 10, "megabyte");

const number = (lang, value, unit) => new Intl.NumberFormat(lang, { style: "unit", unit }).format(value);

const width = 64; // of a picture, in pixels of the screen

// A picture is drawn on a canvas: many a shop's policy forbids images that are not its own. What the browser cannot
// read stays without one.
const preview = ({ words }, file) => {
  const canvas = element("canvas", { width, height: width, role: "img", "aria-label": fill(words.preview, { name: file.name }), hidden: true });
  globalThis.createImageBitmap?.(file).then((picture) => {
    const scale = Math.max(width / picture.width, width / picture.height);
    const [w, h] = [picture.width * scale, picture.height * scale];
    canvas.getContext("2d").drawImage(picture, (width - w) / 2, (width - h) / 2, w, h);
    picture.close();
    canvas.hidden = false;
  }).catch(() => {});
  return canvas;
};
