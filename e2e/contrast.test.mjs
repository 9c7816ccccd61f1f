// Contrast as the eye gets it: measured on the pixels of screenshots, whatever colours a shop sets (WCAG 1.4.3, 1.4.11).
// Text, the borders of inputs and the ring around what has the focus; in the row, in a form with problems, in a review.
import assert from "node:assert/strict";
import test from "node:test";
import { inBrowsers, settled, thorough } from "./browsers.mjs";
import { hostPage, hostPages, shared, tag } from "./harness.mjs";

const themes = {
  "without colours of the shop": "",
  "in the dark": "color-scheme: dark",
  "a dark surface on a light page": "--recourse-surface: #1b1f24; --recourse-accent: #ffd23f",
  "a light surface in the dark": "color-scheme: dark; --recourse-surface: #fffdf5; --recourse-accent: #7a0010",
  "a grey in the middle": "--recourse-surface: #777; --recourse-accent: #777",
  "white on white": "--recourse-surface: white; --recourse-accent: white",
  "black on black": "--recourse-surface: black; --recourse-accent: black",
  "red like the problems": "--recourse-surface: #d00; --recourse-accent: #c22",
  "blue like the ring": "--recourse-surface: #2b74e8; --recourse-accent: #2b74e8",
  "lime and yellow": "--recourse-surface: lime; --recourse-accent: yellow",
  "half transparent names": "--recourse-surface: hsl(200 60% 40%); --recourse-accent: hwb(320 30% 30%)",
};

inBrowsers("contrast", (browser, browserName) => {
  // Both browsers reckon with the same formulas, so that the hardest colours are enough in the second.
  for (const [name, theme] of Object.entries(themes).filter(([name]) => thorough || browserName === "Chromium" || / on |grey|red|dark$/.test(name))) {
    test(name, async (t) => {
      const program = await shared(), visitor = await browser().visitor(t, { width: 640, height: 1400 }), { page } = visitor;
      const html = hostPage(`<style>recourse-widget { ${theme} }</style>` + tag(program));
      await visitor.goto(await hostPages(t, { "/": html }) + "/");
      const gauge = new Gauge(page), found = [];
      await visitor.find("link", "Withdraw from contract here");
      found.push(...await gauge.look("[part=row]"));
      await visitor.click("link", "Withdraw from contract here");
      await visitor.click("button", "Continue");
      await visitor.sees("group", "There is a problem");
      found.push(...await gauge.look("dialog"), ...await gauge.rings(["#rc-comment", "#rc-items-some", "form .rc-button", ".rc-close", ".rc-problems a"]));
      await visitor.fill("Full name", "Ada");
      await visitor.fill(/^Order number/, "1");
      await visitor.fill("Email address", "ada@example.com");
      await visitor.click("button", "Continue");
      await visitor.find("button", "Confirm withdrawal");
      found.push(...await gauge.look("dialog"));
      assert.deepEqual(found, []);
    });
  }
});

// Gauge measures on screenshots. The page itself reads their pixels: nothing of that can be seen in them.
class Gauge {
  constructor(page) {
    this.page = page;
  }

  async picture() {
    await settled(this.page);
    return this.page.screenshot({ encoding: "base64" });
  }

  // look lists texts below 4.5 (large ones below 3) and inputs whose border is below 3 against the surface.
  async look(root) {
    await settled(this.page); // boxes that still move are not where the picture shows them
    const things = await this.page.evaluate(survey, root);
    assert.ok(things.length > 2, "there is something to measure");
    const contrasts = await this.measure([await this.picture()], things);
    return things.map(({ what, least }, i) => contrasts[i] < least && `${what}: ${contrasts[i].toFixed(2)}, at least ${least} is needed`).filter(Boolean);
  }

  // rings lists elements whose focus changes too little of what is around them.
  async rings(selectors) {
    const found = [];
    for (const selector of selectors) {
      await this.page.evaluate(toFocus, selector, false);
      const before = await this.picture(), box = await this.page.evaluate(toFocus, selector, true);
      const [contrast] = await this.measure([await this.picture(), before], [{ kind: "change", box }]);
      if (contrast < 3) found.push(`focus on ${selector}: ${contrast.toFixed(2)}, at least 3 is needed`);
    }
    return found;
  }

  measure(shots, things) {
    return this.page.evaluate(measure, shots, things);
  }
}

// measure runs in the page. It gives a contrast for each thing: of a text, between the most frequent colour of its box
// and the one that differs most from it; of a border, with what lies outside it; of a change, the largest between the
// same pixel in both pictures, around the box.
const measure = async (shots, things) => {
  const read = async (shot) => {
    const bytes = Uint8Array.from(atob(shot), (letter) => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, image.width, image.height);
  };
  const [now, before] = await Promise.all(shots.map(read));
  const scale = now.width / innerWidth;
  const each = ({ x, y, w, h }, visit) => {
    const [top, left] = [Math.max(0, Math.floor(y * scale)), Math.max(0, Math.floor(x * scale))];
    for (let row = top; row < Math.min(now.height, Math.ceil((y + h) * scale)); row++) {
      for (let column = left; column < Math.min(now.width, Math.ceil((x + w) * scale)); column++) visit(4 * (row * now.width + column));
    }
  };
  const at = ({ data }, i) => (data[i] << 16) | (data[i + 1] << 8) | data[i + 2];
  const colours = (box) => {
    const counts = new Map();
    each(box, (i) => counts.set(at(now, i), (counts.get(at(now, i)) || 0) + 1));
    return counts;
  };
  const most = (counts) => [...counts].reduce((best, one) => (one[1] > best[1] ? one : best))[0];
  const light = (colour) => [16, 8, 0].map((shift) => ((colour >> shift) & 255) / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const contrast = (a, b) => {
    const [dark, bright] = [light(a), light(b)].sort((x, y) => x - y);
    return (bright + 0.05) / (dark + 0.05);
  };
  const against = (ground, counts) => Math.max(...[...counts.keys()].map((colour) => contrast(colour, ground)));
  const kinds = {
    text(box) {
      const counts = colours(box);
      return against(most(counts), counts);
    },
    border({ x, y, w }) {
      const middle = { x: x + w / 3, w: w / 3 };
      return against(most(colours({ ...middle, y: y - 3, h: 1 })), colours({ ...middle, y, h: 2 }));
    },
    change({ x, y, w, h }) {
      let best = 1;
      const compare = (i) => (best = Math.max(best, contrast(at(now, i), at(before, i))));
      each({ x, y: y - 6, w, h: 6 }, compare);
      each({ x, y: y + h, w, h: 6 }, compare);
      return best;
    },
  };
  return things.map(({ kind, box }) => kinds[kind](box));
};

// survey lists what is seen inside the widget: each line of text, each border of an input.
const survey = (selector) => {
  const root = [...document.querySelectorAll("recourse-widget")].map((widget) => widget.shadowRoot.querySelector(selector)).find(Boolean);
  const frame = root.getBoundingClientRect(); // a dialog scrolls what does not fit
  const seen = ({ top, bottom, left, right }) => top >= frame.top && bottom <= Math.min(frame.bottom, innerHeight) && left >= 0 && right <= innerWidth && bottom - top > 4 && right - left > 2;
  const box = ({ x, y, width, height }) => ({ x, y, w: width, h: height });
  const things = [], walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement, textContent } = walker.currentNode;
    if (!textContent.trim() || parentElement.closest(".rc-hidden, .rc-trap, textarea, script")) continue;
    const style = getComputedStyle(parentElement), size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    for (const rect of range.getClientRects()) {
      if (seen(rect)) things.push({ what: textContent.trim().slice(0, 40), kind: "text", box: box(rect), least: large ? 3 : 4.5 });
    }
  }
  for (const input of root.querySelectorAll(".rc-input")) {
    const rect = input.getBoundingClientRect();
    if (seen(rect)) things.push({ what: "border of " + input.id, kind: "border", box: box(rect), least: 3 });
  }
  return things;
};

// toFocus gives an element the focus as the keyboard does, or takes it away, and gives its box.
const toFocus = (selector, on) => {
  const root = [...document.querySelectorAll("recourse-widget")].map((widget) => widget.shadowRoot).find((root) => root.querySelector("dialog"));
  const node = root.querySelector(selector);
  node.scrollIntoView({ block: "center" });
  if (on) node.focus({ focusVisible: true });
  else root.querySelector("h1").focus();
  const { x, y, width, height } = node.getBoundingClientRect();
  return { x, y, w: width, h: height };
};
