// One visit of Lighthouse, in a browser of its own.
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const chromeFlags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

// visit gives the report on a page as Lighthouse's slow phone sees it.
export const visit = async (address, onlyCategories) => {
  const chrome = await launch({ chromePath: process.env.CHROMIUM || "/usr/bin/chromium", chromeFlags });
  try {
    return (await lighthouse(address, { port: chrome.port, onlyCategories, logLevel: "error" })).lhr;
  } finally {
    chrome.kill();
  }
};
