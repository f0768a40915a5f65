/** Notebooks as pages: what they hold, what they may not do, how they look in a browser. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { toFileUrl } from "@std/path";
import { launch } from "puppeteer-core";
import { notebookPage } from "../../src/notebook/mod.ts";
import { code, Folder, notebook, prose } from "./notebook_files.ts";

const browser = ["chromium", "chromium-browser", "google-chrome"].map((name) => {
  const paths = (Deno.env.get("PATH") ?? "").split(":").map((folder) => `${folder}/${name}`);
  return paths.find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
}).find((path) => path !== undefined);

const display = (data: Record<string, unknown>) => ({
  output_type: "display_data",
  data: { "text/plain": "plain", ...data },
  metadata: {},
});
const figure = (type: string) => ({
  "application/vnd.plotly.v1+json": {
    data: [{ type, x: [1, 2, 3], y: [2, 1, 3] }],
    layout: { title: { text: `a ${type}` } },
  },
  "image/svg+xml": `<svg id="still-${type}"></svg>`,
});

const sample = notebook(
  prose(
    "# A *title*\n\n$x_1 * y_1 * z$ and $$a_b$$ <script>alert(1)</script> <sub>1</sub> <b onclick=x>2</b>\n\n[bad](javascript:alert(1)) [good](https://example.com) ![dot](dot.png) ![far](https://example.com/a.png)\n\n```ts\nconst n = 1;\n```",
  ),
  {
    ...code("const answer: number = 42; // <b>"),
    execution_count: 7,
    outputs: [
      { output_type: "stream", name: "stdout", text: ["\x1b[31mred\x1b[0m & ", "plain"] },
      display(figure("scatter")),
      display(figure("bar")),
      display(figure("scatter3d")),
      display({
        "text/html":
          "<table class='figure'><tr><td>cell</td></tr></table><script>window.ran = 1</script><img src='data:,' onerror='window.ran = 1'>",
      }),
      display({ "image/png": "iVBORw0KGgo=\n" }),
      display({ "text/markdown": "**bold**" }),
      display({}),
      {
        output_type: "error",
        ename: "Error",
        evalue: "boom",
        traceback: ["Error: boom", "    at line 1"],
      },
    ],
  },
);

Deno.test("html: a page holds everything, and nothing of it runs but the library of figures", async () => {
  await using folder = await Folder.create();
  await Deno.writeFile(folder.at("dot.png"), Uint8Array.of(1, 2, 3));
  const page = await notebookPage(sample, folder.at("sample.ipynb"));
  assertStringIncludes(page, "<title>A title</title>");
  assertStringIncludes(page, 'data-count="[7]"');
  assertStringIncludes(page, '<span class="formula">$x_1 * y_1 * z$</span>');
  assertStringIncludes(page, "<sub>1</sub> <b>2</b>");
  assertStringIncludes(page, '<img src="data:image/png;base64,AQID" alt="dot" />');
  assertStringIncludes(page, '<a href="https://example.com/a.png">far</a>');
  assertStringIncludes(page, '<span class="hljs-keyword">const</span> <span');
  assertStringIncludes(page, '<span class="ansi-red-fg">red</span> &amp; plain');
  assertStringIncludes(page, "Error: boom\n    at line 1");
  assertStringIncludes(page, "<strong>bold</strong>");
  assertEquals(page.split('class="figure"').length - 1, 2, "two of plotly, one drawn still");
  assertStringIncludes(page, 'id="still-scatter3d"');
  assert(!/javascript:|window\.ran = 1<|<script>alert/.test(page));
  assertEquals(page.match(/<script/g)!.length, page.match(/&#39;sha256-/g)!.length);
  const text = await notebookPage(notebook(prose("only text")), "a.ipynb");
  assert(text.length < 20_000 && !text.includes("<script"), "no library where there is no figure");
});

Deno.test("html: HTML in Markdown is shown as Jupyter shows it, and does no harm", async () => {
  await using folder = await Folder.create();
  await Deno.writeFile(folder.at("dot.png"), Uint8Array.of(1, 2, 3));
  const shown = async (text: string, attachments = {}) => {
    const cell = { ...prose(text), attachments };
    const page = await notebookPage(notebook(cell), folder.at("sample.ipynb"));
    return /<div class="cell prose">([\s\S]*)<\/div>\n/.exec(page)![1].trim();
  };
  const attached = { "q.png": { "image/png": "AQID" } };
  const cases: [string, string, object?][] = [
    [
      "<table><tr><td colspan=2>cell</td></tr></table>",
      '<table><tr><td colspan="2">cell</td></tr></table>',
    ],
    [
      '<img src="attachment:q.png" width="50" onload="a()">',
      '<img src="data:image/png;base64,AQID" width="50" />',
      attached,
    ],
    ['<img src="dot.png">', '<img src="data:image/png;base64,AQID" />'],
    ['<img src="//x.org/a.png" alt="far">', "<a>far</a>"],
    ["a <a href=https://x.org onclick=b()>there</a>", '<p>a <a href="https://x.org">there</a></p>'],
    ["a <a href=' javascript:b()'>there</a>", "<p>a <a>there</a></p>"],
    [
      "<details><summary>more</summary>text</details>",
      "<details><summary>more</summary>text</details>",
    ],
    ["<div align=center>x<br>y</div>", '<div align="center">x<br />y</div>'],
    ["a<script>alert(1)</script>b", "<p>ab</p>"],
    ["<style>p { display: none }</style>", ""],
    ["<iframe src=https://x.org></iframe><form><input></form>", ""],
    ["<svg><script>alert(1)</script></svg>", "<p></p>"],
    ["<p style='position:fixed' id=x class=y>z</p>", "<p>z</p>"],
    ["`<b>` 1 < 2 && 3 > 2", "<p><code>&lt;b&gt;</code> 1 &lt; 2 &amp;&amp; 3 &gt; 2</p>"],
    ["<b onmouseover=alert(1)//", "<p>&lt;b onmouseover=alert(1)//</p>"],
  ];
  for (const [text, wanted, attachments] of cases) {
    assertEquals(await shown(text, attachments), wanted, text);
  }
});

Deno.test({
  name: "html: a page opens offline without a word in the console, light and dark, and prints" +
    (browser === undefined ? " (needs chromium)" : ""),
  ignore: browser === undefined,
  // The client of the browser keeps timers of its own.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await using folder = await Folder.create({ "sample.ipynb": sample });
    assertEquals((await folder.cli("html", "sample.ipynb")).stdout, "sample.html\n");
    const chromium = await launch({ executablePath: browser!, args: ["--no-sandbox"] });
    try {
      const page = await chromium.newPage();
      const said: string[] = [];
      page.on("console", (message) => void said.push(message.text()));
      page.on("pageerror", (error) => void said.push(String(error)));
      page.on("request", (request) => {
        if (!/^(file|data|blob):/.test(request.url())) said.push(request.url());
      });
      await page.setOfflineMode(true);
      const grounds: string[] = [];
      for (const value of ["light", "dark"]) {
        await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
        await page.goto(toFileUrl(folder.at("sample.html")).href);
        await page.waitForFunction("document.querySelectorAll('.js-plotly-plot').length === 2");
        grounds.push(
          await page.evaluate("getComputedStyle(document.body).backgroundColor") as string,
        );
      }
      assert(grounds[0] !== grounds[1]);
      assertEquals(await page.evaluate("window.ran"), undefined);
      const cells = await page.evaluate(
        "[...document.querySelectorAll('.scroll')].map((it) => it.shadowRoot.querySelector('td')?.textContent)",
      );
      assertEquals(cells, [null, "cell"], "markup of cells stands in trees of its own");
      assert((await page.pdf()).length > 10_000);
      assertEquals(said, []);
    } finally {
      await chromium.close();
    }
  },
});
