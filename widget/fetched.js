// Parts that are fetched when they are wanted. They lie beside this script, whatever the shop's page says of addresses.
// AFTER is filled in by assets.go.
const parts = new Map();
let failures = 0;

// once keeps what a name stands for, but not a failure: whoever asks next tries again.
const once = (name, get) => {
  if (!parts.has(name)) {
    parts.set(name, get().catch((error) => {
      parts.delete(name);
      failures++;
      throw error;
    }));
  }
  return parts.get(name);
};

// asset gives the module of that name. Firefox remembers that a module has not arrived, so its address is another after a
// failure; the first is the one that an import map with integrity knows.
export const asset = (name) => once(name, () => import(new URL(name + "#".repeat(failures), import.meta.url).href));

// after gives what is needed from the first key on: the module after.js, and the words that belong to it, which are
// added to the definition d.
export const after = async (d) => {
  const [module, rest] = await Promise.all([
    asset(AFTER),
    once(d.after, async () => (await fetch(new URL("../" + d.after, import.meta.url))).json()),
  ]);
  if (!d.problem) Object.assign(d, rest, { text: { ...d.text, ...rest.text }, words: { ...d.words, ...rest.words } });
  return module;
};
