// Looks at HTML pages in Chromium: axe-core finds nothing (WCAG 2.2 AA and its best practices), nothing is loaded from
// elsewhere, nothing is reported to the console, and no page is wider than a phone.
//
// Usage: node .ci/check_pages.mjs FILE.html...
// Needs: npm install --prefix target/ci/pages axe-core@4.14.1 playwright-core@1.65.1, and Chromium (CHROMIUM, else
// /usr/bin/chromium).

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const installed = createRequire(new URL("../target/ci/pages/package.json", import.meta.url));
const { chromium } = installed("playwright-core");
const axe = readFileSync(installed.resolve("axe-core/axe.min.js"), "utf8");

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
// 320 CSS pixels: WCAG 2.2, 1.4.10 Reflow.
const WIDTHS = [1280, 320];
const SCHEMES = ["light", "dark"];

const files = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run"],
});
let faults = 0;
const fault = (where, what) => {
  faults += 1;
  console.log(`${where}: ${what}`);
};

for (const file of files) {
  const url = pathToFileURL(resolve(file)).href;
  for (const width of WIDTHS) {
    for (const colorScheme of SCHEMES) {
      const where = `${file} (${width}, ${colorScheme})`;
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
      const page = await context.newPage();
      page.on("request", (request) => request.url() === url || fault(where, `loads ${request.url()}`));
      page.on("console", (message) => fault(where, `console: ${message.text()}`));
      page.on("pageerror", (error) => fault(where, `error: ${error.message}`));
      await page.goto(url);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (overflow > 0) fault(where, `is ${overflow} pixels too wide`);
      await page.evaluate(axe);
      const found = await page.evaluate((values) => axe.run({ runOnly: { type: "tag", values } }), RULES);
      if (found.passes.length === 0) fault(where, "axe-core looked at nothing");
      for (const violation of found.violations) {
        for (const node of violation.nodes) {
          fault(where, `${violation.id} (${violation.impact}): ${violation.help}: ${node.html.slice(0, 200)}`);
        }
      }
      await context.close();
    }
  }
}
await browser.close();
console.log(`${files.length} pages, ${faults} faults`);
process.exit(faults > 0 || files.length === 0 ? 1 : 0);
