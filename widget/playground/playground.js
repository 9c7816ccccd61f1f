// The page's parts, put together. Nothing is stored and nothing but this shop's own files and intake is asked.
import { contrasts } from "./contrast.js";
import { apply, reflect, settings, start } from "./controls.js";
import { snippets } from "./snippet.js";
import { show } from "./states.js";

const widget = document.querySelector("recourse-widget");
const controls = document.getElementById("controls");
const pinned = document.getElementById("pinned");
const said = document.getElementById("said");

const paste = await fetch("../integrity.json").then((answer) => answer.json());
await customElements.whenDefined("recourse-widget");

// The row says which locale the widget has chosen.
const locale = () => widget.shadowRoot.querySelector("[part=row]").lang;

const refresh = () => {
  const chosen = settings(controls);
  apply(chosen, widget);
  document.getElementById("window").dataset.theme = chosen.attributes.theme ?? "";
  for (const [id, text] of Object.entries(snippets(chosen, paste, locale(), pinned.checked))) document.getElementById(id).textContent = text;
  reflect(controls, contrasts(widget, document.getElementById("contrasts")));
};

start(controls, refresh);
pinned.addEventListener("change", refresh);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", refresh);
refresh();

for (const button of document.querySelectorAll("[data-state]")) {
  button.addEventListener("click", async () => {
    said.textContent = "";
    try {
      await show(widget, button.dataset.form, button.dataset.state, button);
    } catch (problem) {
      said.textContent = problem.message;
    }
  });
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", () => copy(document.getElementById(button.dataset.copy)));
}

// The clipboard is there on https pages and localhost only; elsewhere the text is at least selected.
const copy = async (text) => {
  getSelection().selectAllChildren(text);
  const done = await navigator.clipboard?.writeText(text.textContent).then(() => true, () => false);
  document.getElementById("copied").textContent = done ? "Copied." : "Selected: copy it with your keyboard.";
};

for (const name of ["recourse-open", "recourse-submit", "recourse-close"]) {
  document.addEventListener(name, ({ detail }) => {
    const line = document.createElement("li"), time = document.createElement("time"), code = document.createElement("code");
    time.textContent = new Date().toLocaleTimeString("en-GB");
    code.textContent = `${name} ${JSON.stringify(detail)}`;
    line.append(time, " ", code);
    document.getElementById("events").prepend(line);
  });
}
