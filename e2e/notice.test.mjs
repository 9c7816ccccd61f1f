// The dispute notice for the country the visitor lives in, and for another one they choose.
import assert from "node:assert/strict";
import test from "node:test";
import { inBrowsers } from "./browsers.mjs";
import { shared, start } from "./harness.mjs";
import { openByKeyboard, pressButton } from "./journeys.mjs";

const disputes = { link: "Dispute resolution", title: "Dispute resolution" };
const question = "Country you live in";

const chosen = async (visitor) => (await visitor.look("combobox", question))[0].text;

inBrowsers("notice", (browser) => {
  test("is shown for another country after the button is pressed, not before", async (t) => {
    const program = await shared(), visitor = await browser().visitor(t);
    await visitor.goto(program.origin + "/");
    await openByKeyboard(visitor, disputes);
    assert.equal(await chosen(visitor), "Germany");
    await visitor.reads("Legal basis (Germany)");

    await visitor.choose(question, "Poland");
    await visitor.sees("heading", disputes.title);
    assert.ok((await visitor.text()).includes("Legal basis (Germany)"), "choosing alone changes nothing");

    await pressButton(visitor, "Show");
    await visitor.reads("Now shown: Poland");
    await visitor.reads("Urząd Ochrony Konkurencji i Konsumentów");
    assert.ok(!(await visitor.text()).includes("Legal basis (Germany)"), "the text has taken the place of the other");
    assert.equal((await visitor.focus())[0]?.name, "Show", "the focus stays");
    assert.ok((await visitor.look("status")).some((status) => status.text === "Now shown: Poland"), "it is said aloud");
    assert.equal(await chosen(visitor), "Poland");

    await visitor.choose(question, "Sweden"); // the shop does not sell there
    await pressButton(visitor, "Show");
    await visitor.reads("Konsument Europa");
    await visitor.choose(question, "Germany");
    await pressButton(visitor, "Show");
    await visitor.reads("Legal basis (Germany)");
    await visitor.calm();
  });

  test("stays as it is where the other text cannot be loaded, and the page is offered", async (t) => {
    const program = await start(t), visitor = await browser().visitor(t);
    await visitor.goto(program.origin + "/");
    await openByKeyboard(visitor, disputes);
    await program.kill();
    await visitor.choose(question, "Italy");
    await pressButton(visitor, "Show");
    await visitor.reads("The text for the country you chose (Italy) could not be loaded.");
    await visitor.reads("Legal basis (Germany)");
    const [link] = (await visitor.look("link", disputes.title)).filter(({ href }) => href.startsWith(program.base));
    assert.match(link.href, /\/legal\/en-DE\/disputes\/$/);

    await program.run();
    await pressButton(visitor, "Show");
    await visitor.reads("Now shown: Italy");
    await visitor.calm([/Failed to load resource|NetworkError|ERR_CONNECTION/]);
  });
});
