// The rules of package form, as WebAssembly. They begin to load with this script, and nobody waits for them to type:
// until they are here, and where they may not run, the server is the only one to check. RULES is filled in by assets.go.
let running, starting;

const address = (name) => new URL(name, import.meta.url).href;

// startRules begins to load the rules. It may be called again after a failure, or when they have stopped.
export const startRules = () => {
  if (!RULES) return;
  starting ||= import(address(RULES.host))
    .then((host) => host.start(address(RULES.wasm), RULES.integrity))
    .then((rules) => (running = rules), (error) => console.info("recourse: the rules cannot run here, the server checks alone", error))
    .finally(() => (starting = null));
  return starting;
};

// rules gives what can be asked now, if anything.
export const rules = () => running;

startRules();
