import { assert, assertEquals } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { type DriftFindings, driftPage } from "../../src/monitoring/mod.ts";
import { compareFiles, inFolder, noise, now } from "./files.ts";
import { homes, modelsIn, saveRegression, watchRows } from "./models.ts";

/** A browser to look at the page with. */
const browser = ["chromium", "chromium-browser", "google-chrome"].map((name) =>
  (Deno.env.get("PATH") ?? "").split(":").map((folder) => join(folder, name))
).flat().find((path) => {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return false;
    }
    throw error;
  }
});

const columns = (stream: number) => ({
  moved: (row: number) => (noise(row, stream) + 0.5 * stream).toFixed(4),
  calm: (row: number) => noise(row, stream + 2).toFixed(4),
  level: (row: number) => ["a", "b", "c"][Math.floor(3 * noise(row, stream + 4))],
  ...Object.fromEntries(
    Array.from({ length: 20 }, (_, j) => [
      `more_${j}`,
      (row: number) => noise(row, stream + 10 * j).toFixed(4),
    ]),
  ),
});

/** Every way that a page is looked at. */
const looks = [["light", 1200], ["dark", 1200], ["light", 390]] as const;

/** Opens the page about findings in each way, offline, and makes sure that nothing is at fault. */
async function look(
  folder: string,
  found: DriftFindings,
  see: (page: Page) => Promise<void>,
): Promise<void> {
  const path = join(folder, "page.html");
  await Deno.writeTextFile(path, await driftPage(found, now));
  const chromium: Browser = await puppeteer.launch({
    executablePath: browser,
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    for (const [scheme, width] of looks) {
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
      await see(page);
      // Wide tables scroll inside themselves, never the page.
      assertEquals(
        await page.evaluate("document.documentElement.scrollWidth - innerWidth <= 0"),
        true,
      );
      assertEquals(faults, []);
      await page.close();
    }
  } finally {
    await chromium.close();
  }
}

Deno.test({
  name: "drift: the page works offline, in light, dark and at phone width, in a browser",
  ignore: browser === undefined,
  fn: () =>
    inFolder(async (folder) => {
      const found = await compareFiles(
        { rows: 600, columns: columns(0) },
        { rows: 600, columns: columns(1) },
      );
      await look(folder, found, async (page) => {
        const drawn = () => page.evaluate("document.querySelectorAll('.main-svg').length");
        // What is closed or far away is not drawn yet.
        assertEquals(await page.evaluate("document.querySelectorAll('details[open]').length"), 0);
        const before = await drawn() as number;
        await page.click('a[href="#column-1"]');
        await page.waitForSelector("#column-1[open] .main-svg", { timeout: 10_000 });
        assert(await drawn() as number > before);
        assertEquals(
          await page.evaluate(
            "document.querySelector('#column-1 summary').firstChild.textContent",
          ),
          "moved",
        );
        // Finding rows by their words, from the keyboard.
        await page.focus(".find");
        await page.keyboard.type("calm");
        assertEquals(
          await page.evaluate(
            "[...document.querySelectorAll('section:first-of-type > .scroll tbody tr')]" +
              ".filter((row) => !row.hidden).map((row) => row.cells[0].textContent).join()",
          ),
          "calm",
        );
      });
    }),
});

Deno.test({
  name: "drift: the page of a regression draws its errors in a browser",
  ignore: browser === undefined,
  fn: () =>
    inFolder(async (folder) => {
      await saveRegression(modelsIn(folder));
      const found = await watchRows(folder, homes({ rows: 600, seed: 5, dearer: 15_000 }));
      await look(folder, found, async (page) => {
        const errors = "[...document.querySelectorAll('section')]" +
          ".find((section) => section.querySelector('h2').textContent === 'Errors')";
        await page.evaluate(`${errors}.scrollIntoView()`);
        await page.waitForFunction(`${errors}.querySelectorAll('.main-svg').length > 1`, {
          timeout: 10_000,
        });
        assertEquals(
          await page.evaluate(`${errors}.querySelector('tbody tr').cells[5].textContent`),
          "worse",
        );
      });
    }),
});
