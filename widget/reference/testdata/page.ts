/// <reference path="recourse.d.ts" />
export {};
// What a page may write.
const widget: RecourseWidgetElement = document.createElement("recourse-widget");
document.querySelector("recourse-widget")?.open("withdrawal").then(() => widget.close());
document.addEventListener("recourse-submit", ({ detail }) => console.log(detail.form.length));
widget.addEventListener("recourse-close", (event) => event.preventDefault());
window.addEventListener("recourse-open", (event) => widget.open(event.detail.form));
const attributes: RecourseWidgetAttributes = { lang: "de", country: "AT", show: "", theme: "dark", order: "4711" };
for (const [name, value] of Object.entries(attributes)) widget.setAttribute(name, value);
widget.open("complaint", { prefill: { reason: "late", contract: "4711" }, returnFocus: document.body });
widget.open("withdrawal", { prefill: { items: [{ name: "Lamp", quantity: 2 }, { name: "Shade" }] } });
