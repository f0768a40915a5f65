import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { launch } from "puppeteer-core";
import { withApp } from "./fixture.ts";

/** A Chromium on the PATH. */
async function findBrowser(): Promise<string | undefined> {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
      const path = join(folder, name);
      if (await Deno.stat(path).then(({ isFile }) => isFile, () => false)) return path;
    }
  }
}

const executablePath = await findBrowser();

Deno.test({
  name: "serve: the documentation works in a browser, offline, and predicts its own example" +
    (executablePath === undefined ? " (needs chromium on the PATH)" : ""),
  ignore: executablePath === undefined,
  fn: () =>
    withApp(async ({ app, observer }) => {
      const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, app.fetch);
      const origin = `http://127.0.0.1:${server.addr.port}`;
      const browser = await launch({ executablePath, args: ["--no-sandbox"] });
      try {
        const page = await browser.newPage();
        const elsewhere: string[] = [];
        const errors: string[] = [];
        page.on("request", (request) => {
          const url = request.url();
          if (!url.startsWith(origin) && !url.startsWith("data:")) elsewhere.push(url);
        });
        page.on("console", (message) => {
          if (message.type() === "error") errors.push(message.text());
        });
        page.on("pageerror", (error) => errors.push(String(error)));
        await page.goto(`${origin}/docs`);
        await page.waitForSelector("#operations-predict-post_predict");
        assertStringIncludes(await page.$eval(".info", (info) => info.textContent), "Model0");

        await page.click("#operations-predict-post_predict .opblock-summary");
        const execute = await page.waitForSelector("#operations-predict-post_predict .execute");
        await execute!.click();
        const status = await page.waitForSelector(
          "#operations-predict-post_predict .live-responses-table tbody .response-col_status",
        );
        assertStringIncludes(await status!.evaluate((cell) => cell.textContent), "200");
        assertEquals(observer.predictions.length, 1);
        assert(Object.keys(observer.predictions[0].inputs).length === 6);
        assertEquals([elsewhere, errors], [[], []]);
      } finally {
        await browser.close();
        await server.shutdown();
      }
    }),
});
