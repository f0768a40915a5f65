/** The page of the advisor in a real browser: keyboard, sources, streams, light, dark, narrow. */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { launch } from "puppeteer-core";
import { ServedAdvisor } from "../../serve/advice/open_advice.ts";
import { advicePage } from "../../serve/advice/page.ts";
import { adviceRoutes } from "../../serve/advice/routes.ts";
import { Metrics } from "../../serve/observe/metrics.ts";
import { readServerConfig } from "../../serve/config/read.ts";
import type { Config } from "../../serve/config/schema.ts";
import { FakeChatServer } from "../advisor/fake_chat_server.ts";
import { corpusRetriever } from "../advisor/passages.ts";
import { waitUntil } from "../wait_until.ts";
import { Remembering, withApp } from "./fixture.ts";

const executablePath = (Deno.env.get("PATH") ?? "").split(":")
  .map((folder) => join(folder, "chromium"))
  .find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
const key = "a-predict-key-0123";
/** Where pictures go, if somebody wants to look at them. */
const pictures = Deno.env.get("PICTURES");

Deno.test({
  name: "advice: the page asks, streams, opens sources by keyboard, light, dark and narrow" +
    (executablePath === undefined ? " (needs chromium on the PATH)" : ""),
  ignore: executablePath === undefined,
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    await using model = new FakeChatServer("openai", 20);
    model.script = [
      { text: ["Keep 3 to 6 months [1]. ", "<b>Not markup</b> at hand [1]."] },
      { text: ["Keep 3 to 6 months [1]. ", "And", "so"], hangAfter: 2 },
    ];
    const flags = [
      ...["--advice-conversations", join(folder, "c.sqlite"), "--api-keys", key],
      ...["--advice-model", "openai:small", "--openai-base-url", model.url],
    ];
    const config = readServerConfig({
      args: flags,
      env: () => undefined,
      readFile: () => "",
    }) as Config;
    const observer = new Remembering();
    using advice = new ServedAdvisor(config, {
      ...{ observer, openKnowledge: () => Promise.resolve(corpusRetriever()) },
    });
    const routes = adviceRoutes({ advice, config, observer, metrics: new Metrics().advice });
    await withApp(async ({ app }) => {
      await using server = Deno.serve(
        { hostname: "127.0.0.1", port: 0, onListen: () => {} },
        (request, { remoteAddr }) => app.fetch(request, { remoteAddr: remoteAddr as Deno.NetAddr }),
      );
      const url = `http://127.0.0.1:${server.addr.port}`;
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
        page.on("console", (message) => {
          if (message.type() === "error" && !message.text().includes("401")) {
            errors.push(message.text());
          }
        });
        page.on("pageerror", (error) => errors.push(String(error)));
        const text = () => page.$eval("body", (body) => body.innerText);
        await page.goto(`${url}/advice`);
        // The key is asked for, and given, by keyboard alone.
        await page.waitForSelector("#key:not([hidden]) input");
        await page.keyboard.type(key);
        await page.keyboard.press("Enter");
        await page.waitForSelector("#key[hidden]");
        await waitUntil(async () => (await text()).includes("Answers by small"), "it is connected");
        await page.focus("#question");
        await page.keyboard.type("How large is an emergency fund? My PAN is ABCPE1234F");
        await page.keyboard.press("Enter");
        await waitUntil(async () => (await text()).includes("Did it help?"), "the answer is whole");
        const shown = await text();
        assert(shown.includes("<b>Not markup</b>"), shown);
        assert(shown.includes("Taken out of the question: pan"), shown);
        assertEquals(await page.$$eval(".answer b", (all) => all.length), 0);
        // A reference opens its source, which then has the focus.
        assertEquals(await page.$eval("details", (one) => one.hasAttribute("open")), false);
        await page.focus(".cite");
        await page.keyboard.press("Enter");
        assertEquals(await page.$eval("details", (one) => one.hasAttribute("open")), true);
        assert((await text()).includes("It belongs in a savings account"));
        assertEquals(
          await page.$$eval("details summary:focus", (all) => all.length === 1),
          true,
        );
        await page.$$eval(
          "article button",
          (all) => all.find((one) => one.textContent === "Yes")!.click(),
        );
        await waitUntil(async () => (await text()).includes("Thank you."), "feedback is taken");

        for (const scheme of ["light", "dark"]) {
          for (const width of [1200, 360]) {
            await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
            await page.setViewport({ width, height: 700 });
            const over = await page.$eval("html", (root) => root.scrollWidth - root.clientWidth);
            assertEquals(over, 0, `${scheme}, ${width} wide`);
            if (pictures) {
              await page.screenshot({ path: `${pictures}/advice_${scheme}_${width}.png` });
            }
          }
        }

        // What is written is shown before the end; Escape stops it, and the page goes on.
        await page.focus("#question");
        await page.keyboard.type("How large is the fund?");
        await page.keyboard.press("Enter");
        await waitUntil(
          () => page.$$eval(".answer", (all) => all.length === 2 && all[1].textContent !== ""),
          "the first sentence is there",
        );
        await page.keyboard.press("Escape");
        await waitUntil(async () => (await text()).includes("Stopped."), "it is stopped");
        // A reload shows the conversation again; its own button removes it.
        await page.reload();
        await waitUntil(
          async () => (await text()).includes("cut short"),
          "the conversation is back",
        );
        assertEquals(await page.$$eval("article", (all) => all.length), 2);
        await page.click("#remove");
        await waitUntil(async () => (await text()).includes("is deleted"), "it is removed");
        assertEquals(await page.$$eval("article", (all) => all.length), 0);
        assertEquals([elsewhere, errors], [[], []]);
      } finally {
        await browser.close();
      }
    }, { flags, extensions: [routes, advicePage()] });
    await Deno.remove(folder, { recursive: true });
  },
});
