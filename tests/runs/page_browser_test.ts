/** The page that compares runs works offline, in light, dark and at phone width. */

import { assertEquals } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import puppeteer from "puppeteer-core";
import { comparisonPage } from "../../src/runs/mod.ts";
import { openReader, openTracker } from "../../src/tracking/mod.ts";
import { tellRuns } from "./tracked_runs.ts";

/** A browser to look at the page with. */
const browser = ["chromium", "chromium-browser", "google-chrome"].flatMap((name) =>
  (Deno.env.get("PATH") ?? "").split(":").map((folder) => join(folder, name))
).find((path) => {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
});

Deno.test({
  name:
    "runs: the page that compares works offline, in light, dark and at phone width, in a browser",
  ignore: browser === undefined,
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "runs-page-" });
    const root = join(folder, "mlruns");
    await tellRuns(await openTracker({ root, env: () => undefined }));
    const reader = openReader(root, () => undefined);
    const runs = await reader.search({ max: 9, experiment: "loans", filter: "metrics.rows > 0" });
    const histories = await Promise.all(runs.map((run) => reader.history(run, "loss")));
    const path = join(folder, "page.html");
    await Deno.writeTextFile(
      path,
      await comparisonPage(runs, [{ metric: "loss", histories }], root),
    );
    const chromium = await puppeteer.launch({
      executablePath: browser,
      args: ["--no-sandbox", "--disable-gpu"],
    });
    try {
      for (const [scheme, width] of [["light", 1200], ["dark", 1200], ["light", 390]] as const) {
        const page = await chromium.newPage();
        const faults: string[] = [];
        page.on("console", (said) => {
          if (["error", "warn"].includes(said.type())) faults.push(said.text());
        });
        page.on("pageerror", (error) => faults.push(String(error)));
        page.on("request", (request) => {
          if (!/^(file|data|blob):/.test(request.url())) faults.push(request.url());
        });
        await page.setOfflineMode(true);
        await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
        await page.setViewport({ width, height: 900 });
        await page.goto(toFileUrl(path).href);
        // Figures are drawn when a reader comes near them.
        for (const at of [0, 0.5, 1]) {
          await page.evaluate(`scrollTo(0, ${at} * document.body.scrollHeight)`);
          await page.waitForFunction("document.querySelectorAll('.main-svg').length > 0");
        }
        await page.waitForFunction("document.querySelectorAll('.plot-container').length === 2");
        const wide = "document.documentElement.scrollWidth - innerWidth <= 0";
        assertEquals(await page.evaluate(wide), true, `${scheme} ${width}`);
        assertEquals(faults, []);
        const shots = Deno.env.get("PAGE_SHOTS");
        if (shots) {
          await page.screenshot({ path: `${shots}/${scheme}_${width}.png`, fullPage: true });
        }
        await page.close();
      }
    } finally {
      await chromium.close();
      await Deno.remove(folder, { recursive: true });
    }
  },
});
