// How well the texts of the row can be read, measured on what the browser has computed.
const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });

// rgb gives three numbers from 0 to 255 for any colour of CSS.
const rgb = (colour) => {
  pen.clearRect(0, 0, 1, 1);
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  return pen.getImageData(0, 0, 1, 1).data;
};

// luminance is that of WCAG 2.
const luminance = (colour) => {
  const [r, g, b] = [...rgb(colour)].map((value) => value / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

export const contrast = (one, other) => {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};

const hex = (colour) => "#" + [...rgb(colour)].slice(0, 3).map((value) => value.toString(16).padStart(2, "0")).join("");

// Where each pair of colours is seen.
const places = { "--recourse-on-accent": "[part~=withdrawal]", "--recourse-text": "[part~=link]:not([part~=withdrawal])" };

// contrasts fills in the list, and returns the colours that are shown, by custom property.
export const contrasts = (widget, list) => {
  const shown = {};
  for (const line of list.children) {
    const { text, ground } = line.dataset, link = widget.shadowRoot.querySelector(places[text]);
    if (!link) {
      say(line, "not shown");
      continue;
    }
    const look = getComputedStyle(link);
    measure(line, look);
    Object.assign(shown, { [text]: hex(look.color), [ground]: hex(look.backgroundColor) });
  }
  return shown;
};

const measure = (line, { color, backgroundColor }) => {
  const figure = contrast(color, backgroundColor), sample = line.querySelector(".sample");
  Object.assign(sample.style, { color, backgroundColor });
  const short = Math.floor(figure * 100) / 100; // 4.499 is not 4.5
  say(line, `${short}:1` + (figure < 4.5 ? ", too little: it must be 4.5:1" : ""), figure < 4.5);
};

const say = (line, text, bad) => {
  line.querySelector("output").textContent = text;
  line.classList.toggle("bad", Boolean(bad));
};
