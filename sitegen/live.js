// Put into pages by `recourse watch` only. Reloads after a build; shows what is wrong after a failed one. Styles are set
// through the object model, since the policy of the pages allows no other.
(() => {
	const script = document.currentScript;
	let overlay;
	const style = (element, rules) => { for (const [name, value] of Object.entries(rules)) element.style.setProperty(name, value); };
	const show = (errors) => {
		overlay ||= document.body.appendChild(document.createElement("dialog"));
		overlay.textContent = errors;
		overlay.lang = "en";
		overlay.dir = "ltr";
		style(overlay, {
			"box-sizing": "border-box", "max-width": "min(64rem, 96vw)", padding: "1.5rem", border: "0", "border-block-start": "6px solid #d33",
			"white-space": "pre-wrap", "overflow-wrap": "anywhere", font: "14px/1.6 ui-monospace, monospace", color: "#f5f5f5", background: "#22201f",
		});
		if (!overlay.open) overlay.showModal();
	};
	const events = new EventSource(script.dataset.events);
	events.onmessage = (event) => {
		const state = JSON.parse(event.data);
		if (state.errors) show(state.errors);
		else if (String(state.build) !== script.dataset.build) { events.close(); location.reload(); }
		else if (overlay) overlay.close();
	};
})();
