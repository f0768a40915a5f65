/** The page of monitoring in a real browser: live, without a network beyond, light, dark, narrow. */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { launch } from "puppeteer-core";
import { addDecision, appendAlerts } from "../../src/monitor_files/mod.ts";
import { monitorPass } from "../../src/monitoring/watch/pass.ts";
import { copyVersion, homes, saveClassifier, writeLog } from "../monitoring/models.ts";
import { waitUntil } from "../wait_until.ts";
import { ServerProcess } from "./server_process.ts";

const executablePath = (Deno.env.get("PATH") ?? "").split(":")
  .map((folder) => join(folder, "chromium"))
  .find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
const [predict, admin] = ["a-predict-key-01", "an-admin-key-0123"];
/** Where pictures go, if somebody wants to look at them. */
const pictures = Deno.env.get("PICTURES");

Deno.test({
  name: "monitoring: the page is live in a browser, by key, in any width, light and dark" +
    (executablePath === undefined ? " (needs chromium on the PATH)" : ""),
  ignore: executablePath === undefined,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      const log = join(folder, "log");
      const model = await saveClassifier(folder);
      const table = homes({ rows: 2000, seed: 4, larger: 6 });
      const answer = (row: number) => {
        const yes = table.columns.sold[row] === "yes" ? 0.8 : 0.2;
        return {
          prediction: yes > 0.5 ? "yes" : "no",
          probabilities: { no: 1 - yes, yes },
          label: row % 5 === 0 ? "no" : String(table.columns.sold[row]),
        };
      };
      const first = Math.floor((Date.now() - Date.UTC(2026, 10, 2)) / 60_000) - 2000;
      await writeLog(log, model, table, answer, first);
      // One answer of another version, in the first window that it is seen in.
      const challenger = await copyVersion(folder, model, "20261102_090000");
      const own = homes({ rows: 1, seed: 5 });
      await writeLog(log, challenger, own, (row) => {
        const { label: _, ...said } = answer(row);
        return { ...said, role: "challenger" };
      }, first + 1999);
      await monitorPass({
        ...{ log, models: folder, now: new Date(), windowMs: 3_600_000, recentRows: 1000 },
        ...{ channels: [], warn: () => {}, signal: new AbortController().signal },
        limits: { maxLatencyMs: 1000, minRows: 0 },
      });
      await using server = new ServerProcess(folder, [
        ...["--api-keys", predict, "--admin-keys", admin],
      ]);
      const { url } = await server.logged("listening") as { url: string };
      const browser = await launch({ executablePath, args: ["--no-sandbox"] });
      try {
        const page = await browser.newPage();
        const elsewhere: string[] = [];
        const errors: string[] = [];
        page.on("request", (request) => {
          if (!request.url().startsWith(url) && !request.url().startsWith("data:")) {
            elsewhere.push(request.url());
          }
        });
        // Without a key it is told so, which the browser notes as an error.
        page.on("console", (message) => {
          if (message.type() === "error" && !message.text().includes("401")) {
            errors.push(message.text());
          }
        });
        page.on("pageerror", (error) => errors.push(String(error)));
        await page.goto(`${url}/monitoring`);
        // By keyboard alone: the key is asked for, and given.
        await page.waitForSelector("#key:not([hidden]) input");
        await page.keyboard.press("Tab");
        await page.keyboard.type(admin);
        await page.keyboard.press("Enter");
        await page.waitForSelector("article h3");
        const text = () => page.$eval("body", (body) => body.innerText);
        const shown = await text();
        assert(shown.includes("sales 20261101") && shown.includes("area"), shown);
        assert(/Open: .*data drift/.test(shown), shown);
        assert(shown.includes("2 versions beside each other"), shown);
        assert(shown.includes("20261102_090000 (challenger)"), shown);
        assert(/Predictions: 1\b/.test(shown) && !shown.includes("Predictions: none"), shown);
        assertEquals(await page.$$eval("svg[aria-label]", (all) => all.length > 2), true);

        // What is new is there without a reload.
        await appendAlerts(log, [{
          ...{ id: "new#0", timestamp: new Date().toISOString(), alert_type: "latency" },
          ...{ status: "open", severity: "high", model_name: "sales", model_version: "1" },
          ...{ action_required: "Look", message: "A new alert <b>as text</b>" },
        }]);
        await addDecision(log, {
          ...{ timestamp: new Date().toISOString(), model: "sales", decision: "waits" },
          reasons: ["Nothing has changed"],
        });
        await waitUntil(
          async () => (await text()).includes("<b>as text</b>"),
          "the alert is drawn",
        );
        await waitUntil(
          async () => (await text()).includes("Nothing has changed"),
          "the decision is drawn",
        );

        for (const scheme of ["light", "dark"]) {
          for (const width of [1200, 360]) {
            await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
            await page.setViewport({ width, height: 900 });
            const over = await page.$eval(
              "html",
              (root) => root.scrollWidth - root.clientWidth,
            );
            assertEquals(over, 0, `${scheme}, ${width} wide`);
            if (pictures) {
              await page.screenshot({ path: `${pictures}/${scheme}_${width}.png`, fullPage: true });
            }
          }
        }
        assertEquals([elsewhere, errors], [[], []]);
        // Open pages do not keep the server from ending.
        assertEquals(await server.stop(), 0);
        await waitUntil(async () => (await text()).includes("does not answer"), "it is told");
      } finally {
        await browser.close();
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
