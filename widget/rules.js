// The rules of package form, as WebAssembly. They begin to load with this script, and nobody waits for them to type:
// until they are here, and where they may not run, the server is the only one to check. RULES, the name of their file,
// is filled in by assets.go. It has no hash to be compared with: it comes from where this script comes from, and
// compiling while it arrives is what makes it fast.
import { start } from "../wasm_exec.js";

const widget = customElements.get("recourse-widget"); // as loader.js has made it
let running, starting, tries = 3; // where a policy forbids the rules, asking again and again changes nothing

// A form that is being opened comes first: the rules wait until it has been seen. A page in the background is not
// painted, so they do not wait for long.
const painted = () => widget.opening && new Promise((done) => {
  addEventListener("recourse-open", () => requestAnimationFrame(() => setTimeout(done)), { once: true });
  setTimeout(done, 1000);
});

// startRules begins to load the rules. It may be called again after a failure, or when they have stopped.
export const startRules = () => {
  if (starting || !RULES || !tries) return starting;
  tries--;
  starting = start(new URL(RULES, import.meta.url).href, painted)
    .then((rules) => [running, tries] = [rules, 3], (error) => console.info("recourse: the rules cannot run here, the server checks alone", error))
    .finally(() => (starting = null));
  return starting;
};

// rules gives what can be asked now, if anything.
export const rules = () => running;

startRules();
