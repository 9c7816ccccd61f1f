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

const contrast = (one, other) => {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};

const hex = (colour) => "#" + [...rgb(colour)].slice(0, 3).map((value) => value.toString(16).padStart(2, "0")).join("");

// Where each colour is seen.
const places = { "--recourse-accent": "[part~=withdrawal]", "--recourse-surface": "[part~=link]:not([part~=withdrawal])" };

// contrasts fills in the list, and returns the colours that are shown, by custom property.
export const contrasts = (widget, list) => {
  const shown = {};
  for (const line of list.children) {
    const { ground } = line.dataset, link = widget.shadowRoot.querySelector(places[ground]);
    if (link) shown[ground] = hex(getComputedStyle(link).backgroundColor);
    line.querySelector("output").textContent = link ? measure(line, getComputedStyle(link)) : "not shown";
  }
  return shown;
};

const measure = (line, { color, backgroundColor }) => {
  Object.assign(line.querySelector(".sample").style, { color, backgroundColor });
  return `${Math.floor(contrast(color, backgroundColor) * 100) / 100}:1`;
};
