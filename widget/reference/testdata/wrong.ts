/// <reference path="recourse.d.ts" />
export {};
document.querySelector("recourse-widget")!.open("refund"); // not assignable to parameter of type 'RecourseForm'
document.querySelector("recourse-widget")!.hide(); // Property 'hide' does not exist
const attributes: RecourseWidgetAttributes = { theme: "blue" }; // Type '"blue"' is not assignable
document.addEventListener("recourse-open", (event) => event.detail.email); // Property 'email' does not exist
document.querySelector("recourse-widget")!.open("complaint", { prefill: { phone: "1" } }); // 'phone' does not exist in type 'RecoursePrefill'
