/** The kernel in JupyterLab's own page, in a browser. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { waitUntil } from "../wait_until.ts";
import { Lab, labLacks, type LabPage } from "./lab.ts";
import { code, notebook } from "./notebook_files.ts";

const cells = import.meta.resolve("../../src/cells/mod.ts");
const pipelineMain = fromFileUrl(import.meta.resolve("../../src/pipeline_cli/main.ts"));
const config = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));
const full = Deno.args.includes("--full");

/** A project whose pipeline `train` says that it has begun, and then waits for its end. */
async function project(): Promise<string> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  const task = `deno run --no-prompt --allow-all --config deno.json ${pipelineMain}`;
  await Deno.writeTextFile(
    join(folder, "deno.json"),
    JSON.stringify({ imports: config.imports, tasks: { pipeline: task } }),
  );
  await Deno.mkdir(join(folder, "pipelines"));
  await Deno.writeTextFile(
    join(folder, "pipelines", "train.ts"),
    `import { pipeline } from "${import.meta.resolve("../../src/pipeline/mod.ts")}";
import { z } from "${import.meta.resolve("zod")}";
export default pipeline("train", { description: "waits", params: z.object({}) }, ({ step }) => {
  step("wait", async ({ signal }) => {
    Deno.writeTextFileSync("started", "");
    await new Promise((_, reject) =>
      signal.addEventListener("abort", () => reject(signal.reason)));
  });
});`,
  );
  return folder;
}

/** Runs a cell, stops it once it is under way, and waits for its end. */
async function stopped(lab: LabPage, cell: number, begun: () => Promise<boolean>): Promise<number> {
  await lab.run(cell);
  await waitUntil(begun, `cell ${cell} has begun`);
  const start = performance.now();
  await lab.stop();
  await lab.ended(cell);
  return performance.now() - start;
}

/** What each cell shows of as many that are run at once. */
async function shownOf(server: Lab, count: number, kernel: "dinoflow" | "deno") {
  const sources = Array.from({ length: count }, (_, i) => `console.log("s${i}");\n${i}`);
  const lab = await server.open(`many_${kernel}.ipynb`, notebook(...sources), kernel);
  await lab.page.evaluate(
    `globalThis.over = false;
     void jupyterapp.commands.execute("notebook:run-all-cells").finally(() => over = true);`,
  );
  await lab.until("over", "all cells are over", 300);
  const shown = () =>
    lab.page.evaluate(
      `[...document.querySelectorAll(".jp-NotebookPanel .jp-Cell")].map((cell) =>
        [...cell.querySelectorAll(".jp-OutputArea-output pre")].map((it) => it.innerText.trim()))`,
    ) as Promise<string[][]>;
  if (kernel === "dinoflow") {
    await waitUntil(async () => (await shown()).at(-1)?.length === 2, "the last result is drawn");
  }
  const found = await shown();
  await lab.close();
  return found;
}

Deno.test({
  name: `lab: what runs in JupyterLab is shown, stopped and explained, in a browser${labLacks}`,
  ignore: labLacks !== "",
  // The client of the browser keeps timers of its own.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    const folder = await project();
    try {
      await using server = await Lab.start(folder);

      await t.step("all cells that are run at once show their results in order", async () => {
        const count = full ? 1000 : 100;
        const wanted = Array.from({ length: count }, (_, i) => [`s${i}`, `${i}`]);
        assertEquals(await shownOf(server, count, "dinoflow"), wanted);
        if (!full) return;
        // Deno's own kernel is idle before its last outputs are there; how many are lost is told.
        const shown = await shownOf(server, count, "deno");
        const whole = shown.filter((texts, i) => texts.join() === wanted[i].join()).length;
        await Deno.stdout.write(
          new TextEncoder().encode(`Deno's own kernel showed ${whole} of ${count} cells whole\n`),
        );
      });

      await t.step("Stop ends what runs, and variables stay", async () => {
        const begin = "count++; console.log('begun');";
        const lab = await server.open(
          "stop.ipynb",
          notebook(
            `import { run } from "${cells}";\nlet count = 0;\nconst kept = { value: 41 };`,
            `${begin} while (true) {}`,
            `${begin} await new Promise(() => {})`,
            `${begin} await run("train")`,
            "[count, kept.value + 1].join()",
          ),
        );
        await lab.run(0);
        await lab.ended(0);
        const rounds = full ? 20 : 3;
        const times: number[] = [];
        for (let i = 0; i < rounds; i++) {
          const cell = 1 + i % 3;
          const started = join(folder, "started");
          await Deno.remove(started).catch(() => {}); // there is none at first
          times.push(
            await stopped(
              lab,
              cell,
              async () =>
                cell === 3
                  ? await Deno.stat(started).then(() => true, () => false)
                  : (await lab.words(cell)).includes("begun"),
            ),
          );
          assertStringIncludes(
            await lab.words(cell),
            "Interrupted: The cell was stopped; variables stay",
          );
        }
        await lab.run(4);
        await lab.until(
          "jupyterapp.shell.currentWidget.content.model.cells.get(4).outputs.length > 0",
          "the variables are told",
        );
        assertEquals(await lab.words(4), `"${rounds},42"`);
        // A busy machine may take longer; what is measured is the kernel beside a page and tests.
        assert(times.every((time) => time < 10_000), String(times));
        await lab.close();
      });

      await t.step("a second Stop restarts the kernel, and says why", async () => {
        const lab = await server.open(
          "deaf.ipynb",
          notebook(
            "const kept = 1;",
            'console.log("begun"); new Deno.Command("sleep", { args: ["100"] }).outputSync();',
            "typeof kept",
          ),
        );
        await lab.run(0);
        await lab.ended(0);
        await lab.run(1);
        await waitUntil(async () => (await lab.words(1)).includes("begun"), "the cell has begun");
        await lab.stop();
        await waitUntil(
          async () => (await lab.words(1)).includes("Stop again to restart the kernel"),
          "the page says what a second Stop does",
        );
        await lab.stop();
        await lab.ended(1);
        assertMatch(await lab.words(1), /did not hear Stop; it was started anew[\s\S]*next: run/);
        await lab.run(2);
        await waitUntil(async () => (await lab.words(2)) === '"undefined"', "variables are gone");
        await lab.close();
      });

      await t.step("errors of syntax and of imports are shown", async () => {
        const lab = await server.open(
          "errors.ipynb",
          notebook("const a = 1;\nconst b = ;", 'import { no } from "./none.ts";', "1 + 1"),
        );
        for (const cell of [0, 1]) {
          await lab.run(cell);
          await waitUntil(async () => (await lab.outputs(cell)).length > 0, "an error is told");
          await lab.ended(cell);
        }
        const shown = await lab.page.evaluate(
          `[...document.querySelectorAll(".jp-NotebookPanel .jp-OutputArea-output")]
            .map((it) => it.innerText)`,
        ) as string[];
        assertMatch(shown[0], /SyntaxError: [\s\S]*In\[1\]:2/);
        assertMatch(shown[1], /Module not found[\s\S]*In\[2\]:1/);
        await lab.close();
      });

      await t.step("Shift+Tab shows types and documentation", async () => {
        const lab = await server.open(
          "inspect.ipynb",
          notebook(
            "/** Doubles a number. */\nfunction twice(n: number): number {\n  return 2 * n;\n}",
            "twice",
          ),
        );
        await lab.run(0);
        await lab.ended(0);
        await lab.choose(1);
        await lab.page.click(".jp-Cell:nth-child(2) .cm-content");
        await lab.page.keyboard.press("End");
        await lab.page.keyboard.down("Shift");
        await lab.page.keyboard.press("Tab");
        await lab.page.keyboard.up("Shift");
        const tip = 'document.querySelector(".jp-Tooltip")?.textContent';
        await lab.until(tip, "the documentation is shown");
        const text = await lab.page.evaluate(tip) as string;
        assertStringIncludes(text, "function twice(n: number): number");
        assertStringIncludes(text, "Doubles a number");
        await lab.close();
      });

      await t.step(
        "figures are drawn by JupyterLab as it is, in its theme, and send nothing",
        async () => {
          const lab = await server.open(
            "figure.ipynb",
            notebook(`import { plot } from "${cells}";
const x = Array.from({ length: 5000 }, (_, i) => (i * 7919) % 1000 / 7);
plot.scatter("A title that is longer than a phone is wide", { x: "x", y: "y" }, [
  { label: "all", x, y: x.map((value, i) => value + (i % 13)) },
])`),
          );
          const asked: string[] = [];
          lab.page.on("request", (request) => {
            if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(server.origin)) {
              asked.push(request.url());
            }
          });
          await lab.run(0);
          await lab.until("document.querySelector('.js-plotly-plot .scatterlayer')", "it is drawn");
          const [output] = await lab.outputs(0);
          assert(JSON.stringify(output).length < 60_000, "a scatter stays small");
          assertEquals(Object.keys(output.data!).sort(), [
            ...["application/vnd.plotly.v1+json", "image/svg+xml", "text/plain"],
          ]);
          const figure = 'document.querySelector(".js-plotly-plot").parentElement';
          assertMatch(
            await lab.page.evaluate(`${figure}.getAttribute("aria-label")`) as string,
            /A title that is longer than a phone is wide: y over x of 5,000 points/,
          );
          const buttons = await lab.page.evaluate(
            `[...${figure}.querySelectorAll(".modebar-btn")].map((it) => it.dataset.title)`,
          ) as string[];
          assertEquals(buttons, ["Download plot as a PNG", "Zoom", "Pan", "Reset axes"]);
          // From the link before the figure the keyboard comes past all of its buttons.
          await lab.page.evaluate(
            `${figure}.querySelector("a.dinoflow-skip").focus(); document.activeElement.click()`,
          );
          await lab.page.keyboard.press("Tab");
          assertEquals(
            await lab.page.evaluate(`${figure}.contains(document.activeElement)`),
            false,
          );
          const ink = "getComputedStyle(document.querySelector('.gtitle')).fill";
          const light = await lab.page.evaluate(ink);
          await lab.command("apputils:change-theme", { theme: "JupyterLab Dark" });
          await lab.until(`${ink} !== ${JSON.stringify(light)}`, "the figure is drawn in the dark");
          await lab.command("apputils:change-theme", { theme: "JupyterLab Light" });
          await lab.page.setViewport({ width: 390, height: 844 });
          await lab.until(
            `document.querySelectorAll(".gtitle tspan").length > 1 && !${figure}.querySelector(".modebar-btn")`,
            "the title is in lines, without buttons over it",
          );
          assertEquals(asked, []);
          await lab.close();
        },
      );

      await t.step(
        "tables are sorted, filtered, searched and paged; saved, they are still",
        async () => {
          const lab = await server.open(
            "table.ipynb",
            notebook(`import { show } from "${cells}";
const rows = ${full ? 1_000_000 : 100_000};
show({ rows, columns: {
  Age: Array.from({ length: rows }, (_, i) => (i * 7919) % 83),
  Job: Array.from({ length: rows }, (_, i) => i % 2 ? "Cook" : "<b>Doctor</b>"),
} })`),
          );
          await lab.run(0);
          await lab.until("document.querySelector('.dinoflow-table')", "the table is there");
          const total = full ? "1,000,000" : "100,000";
          const text = "document.querySelector('.dinoflow-table').innerText";
          const first = "document.querySelector('.dinoflow-table tbody tr').innerText";
          const includes = (word: string) =>
            lab.until(`${text}.includes(${JSON.stringify(word)})`, `the table says ${word}`);
          await includes(`1–20 of ${total} rows`);
          const table = (selector: string) => `.dinoflow-table ${selector}`;
          await lab.page.click(table('button[aria-label="Last page"]'));
          await includes(`of ${total} rows`);
          await lab.until(`!${text}.includes("1–20 of")`, "the last page is there");
          await lab.page.click(table("th:nth-child(2) button[title=Sort]"));
          await lab.until(`/^0\t0\t/.test(${first})`, "the youngest is first");
          await lab.page.click(table("th:nth-child(2) button[title=Sort]"));
          await lab.until(`/\t82\t/.test(${first})`, "the oldest is first");
          await lab.page.type(table('input[aria-label="Filter Age"]'), "10..12");
          await lab.until(`/\t12\t/.test(${first})`, "what is out of the range is gone");
          await lab.page.type(table("input[type=search]"), "cook");
          await lab.until(`!${text}.includes("Doctor")`, "who is no cook is gone");
          await lab.page.type(table('input[aria-label="Filter Job"]'), "nobody");
          await includes("No rows");
          await lab.page.click(table('button[aria-label="Statistics of Age"]'));
          await includes("83 different");
          const [{ data }] = await lab.outputs(0);
          assertStringIncludes(String(data!["text/html"]), "&lt;b&gt;Doctor&lt;/b&gt;");
          // Another kernel knows nothing of it: what was saved is shown.
          await lab.command("docmanager:save");
          await lab.until("!jupyterapp.shell.currentWidget.context.model.dirty", "it is saved");
          await lab.page.evaluate("jupyterapp.shell.currentWidget.sessionContext.shutdown()");
          await lab.page.reload();
          await lab.ready();
          await lab.until(
            "document.querySelector('.jp-OutputArea-output table')",
            "it is still there",
          );
          assertEquals(await lab.page.evaluate("document.querySelector('.dinoflow-table')"), null);
          await server.closePage();
        },
      );

      await t.step("cells are marked if what they take was made anew after they ran", async () => {
        const lab = await server.open(
          "marks.ipynb",
          notebook("const a = 1;", "const far = 2;", "const b = a + 1;", "b * 2", "far"),
        );
        const marked = "[...document.querySelectorAll('.jp-NotebookPanel .jp-Cell')]" +
          ".map((cell, i) => cell.classList.contains('dinoflow-changed') ? i : '').join('')";
        await lab.command("notebook:run-all-cells");
        await waitUntil(async () => await lab.words(4) === "2", "all have run");
        await lab.run(0);
        await lab.ended(0);
        await lab.until(`${marked} === "23"`, "those that take it are marked");
        await lab.run(2);
        await lab.ended(2);
        await lab.until(`${marked} === "3"`, "one that ran again is not");
        await lab.run(3);
        await lab.until(`${marked} === ""`, "none is left");
        await lab.page.evaluate("jupyterapp.shell.activateById('dinoflow-variables')");
        await lab.until(
          "/a\\s+number\\s+–\\s+1\\s+far\\s+number\\s+–\\s+2\\s+b/.test(" +
            "document.querySelector('.dinoflow-variables').innerText)",
          "the variables are listed beside the notebook",
        );
        await lab.close();
      });

      await t.step("controls run the cells again that are tagged for them", async () => {
        const lab = await server.open(
          "controls.ipynb",
          notebook(
            `import { control } from "${cells}";
const rows = control.slider("rows", { min: 1, max: 9 });
rows`,
            'const kind = control.choice("kind", ["plain", "rich"]);\nkind',
            'const again = control.button("again", "Once more");\nagain',
            code("`${rows.value} ${kind.value} ${again.value}`", "on:rows", "on:kind", "on:again"),
            "rows.value",
          ),
        );
        await lab.command("notebook:run-all-cells");
        const input = ".dinoflow-control ";
        await lab.page.waitForSelector(`${input}button`);
        const says = (wanted: string) =>
          waitUntil(async () => await lab.words(3) === `"${wanted}"`, `the cell says ${wanted}`);
        await says("1 plain 0");
        await lab.page.focus(`${input}input`);
        await lab.page.keyboard.press("End");
        await says("9 plain 0");
        await lab.page.select(`${input}select`, "rich");
        await says("9 rich 0");
        await lab.page.click(`${input}button`);
        await says("9 rich 1");
        assertEquals(await lab.words(4), "1", "cells without a tag are left as they are");
        await lab.close();
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
