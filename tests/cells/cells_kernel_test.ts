import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { executeNotebook } from "../../src/notebook/mod.ts";
import type { NotebookCell } from "../../src/notebook_files/mod.ts";
import { Project } from "../pipeline/project.ts";

const cells = import.meta.resolve("../../src/cells/mod.ts");
const main = fromFileUrl(import.meta.resolve("../../src/pipeline_cli/main.ts"));
const config = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));

const tasks = {
  wait:
    `deno eval "Deno.addSignalListener('SIGTERM', () => { console.log('bye'); Deno.exit(3); });` +
    `console.error('ready'); setInterval(() => {}, 1000)"`,
  linger:
    `deno eval "Deno.addSignalListener('SIGTERM', () => { Deno.writeTextFileSync('ended', ''); ` +
    `Deno.exit(); }); console.log('ready'); setInterval(() => {}, 1000)"`,
  fail: `deno eval "console.error('error: no port'); Deno.exit(1)"`,
};

/** A project with a pipeline, and a folder for notebooks beside it. */
async function project(): Promise<Project> {
  const task = `deno run --no-prompt --allow-all --config deno.json ${main}`;
  return await Project.create({
    "deno.json": JSON.stringify({ imports: config.imports, tasks: { ...tasks, pipeline: task } }),
    "notebooks/.gitkeep": "",
    "pipelines/sums.ts": `
      import { pipeline } from "@pipeline";
      import { z } from "${import.meta.resolve("zod")}";
      export default pipeline("sums", {
        description: "sums",
        params: z.object({ upTo: z.int().min(1).default(3) }),
      }, ({ step, each, params }) => {
        const numbers = step("numbers", async ({ log, signal }) => {
          if (params.upTo === 50) {
            Deno.writeTextFileSync("started", "");
            await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
          }
          log("made in " + Deno.cwd() + "/pipelines");
          if (params.upTo > 99) throw new Error("too many");
          return Float64Array.from({ length: params.upTo }, (_, i) => i + 1);
        });
        const powers = each("powers", [1, 2], { numbers }, (power, { numbers }) =>
          ({ power, sum: numbers.reduce((sum, n) => sum + n ** power, 0) }),
          { key: (power) => "p" + power });
        step("all", { powers }, ({ powers }, { metric }) => {
          metric("total", powers.reduce((all, { sum }) => all + sum, 0));
          return new Map(powers.map(({ power, sum }) => [power, sum]));
        });
      });`,
  });
}

/** Runs cells in a kernel within the project; gives their outputs. */
async function outputsOf(project: Project, ...sources: string[]) {
  const { notebook, failure } = await executeNotebook({
    cells: sources.map((source, i): NotebookCell => ({
      ...{ cell_type: "code", id: `c${i}`, metadata: {}, execution_count: null, outputs: [] },
      source,
    })),
    metadata: { kernelspec: { name: "deno", language: "typescript", display_name: "Deno" } },
    nbformat: 4,
    nbformat_minor: 5,
  }, { cwd: project.path("notebooks"), timeout: 60 });
  assertEquals(failure, undefined);
  return notebook.cells.map(({ outputs }) =>
    outputs as { output_type: string; data: Record<string, unknown> }[]
  );
}

/** The text form of an output. */
function textOf({ data }: { data: Record<string, unknown> }): string {
  const text = data["text/plain"] as string | string[];
  return typeof text === "string" ? text : text.join("");
}

/** A cell's line that shows a value as JSON. */
const json = (value: string) =>
  `Deno.jupyter.display({ "text/plain": JSON.stringify(${value}) }, { raw: true })`;

/** A cell's line that shows why something failed, and what to do. */
const message = (work: string) =>
  json(`await (${work}).catch((error) => [error.message, error.next])`);

/** The JSON that a cell showed last. */
const parsed = (outputs: { data: Record<string, unknown> }[]) =>
  JSON.parse(textOf(outputs.at(-1)!));

Deno.test("cells in a kernel: views, figures and progress become outputs with all their forms", async () => {
  await using folder = await project();
  const [, shown, figure, bar] = await outputsOf(
    folder,
    `import { display, plot, progress, show, profile } from "${cells}";`,
    `await display(show([{ a: 1 }])); show([{ b: "<b>" }]);`,
    `plot.bar("Rows", "n", [{ label: "Poor", value: 1 }]);`,
    `const bar = progress("Work");
     for (let i = 1; i < 50; i++) { bar.at(i / 50); await new Promise((done) => setTimeout(done, 5)); }
     await bar.end();`,
  );
  assertEquals(shown.map(({ output_type }) => output_type), ["display_data", "execute_result"]);
  for (const { data } of shown) {
    assertEquals(Object.keys(data).sort(), [
      ...["application/vnd.dinoflow.table+json", "text/html", "text/plain"],
    ]);
  }
  assertEquals(Object.keys(figure[0].data).sort(), [
    ...["application/vnd.plotly.v1+json", "image/svg+xml", "text/plain"],
  ]);
  assertEquals(bar.length, 1, "progress is drawn in one place");
  assertEquals(textOf(bar[0]), `Work ${"█".repeat(24)} 100 % done`);
});

Deno.test("cells in a kernel: variables of all cells are listed with their sizes", async () => {
  await using folder = await project();
  const [, , listed] = await outputsOf(
    folder,
    `import { vars } from "${cells}";
     const people = { rows: 3, columns: { Age: [1, 2, 3], Job: ["a", "b", null] } };
     let scores = new Float64Array(5); var total = 7;
     class Kept { constructor() { this.a = 1; } }
     function twice(n: number) { return 2 * n; }`,
    `const names = ["Ann", "Bob"]; const text = "two words"; const kept = new Kept(); total = 8n;
     const byName = new Map([["Ann", 1]]); let unset;`,
    `await vars()`,
  );
  const lines = textOf(listed[0]).split("\n").map((line) => line.trimEnd().split(/ {2,}/));
  assertEquals(lines[0], ["8 variables"]);
  assertEquals(Object.fromEntries(lines.slice(2).map(([name, ...rest]) => [name, rest])), {
    total: ["bigint", "–", "8"],
    people: ["Table", "3 × 2", "Age, Job"],
    scores: ["Float64Array", "5 × 8 bytes", "–"],
    names: ["Array", "2", '[ "Ann", "Bob" ]'],
    text: ["string", "9 characters", "two words"],
    kept: ["Kept", "–", "Kept { a: 1 }"],
    byName: ["Map", "1", 'Map(1) { "Ann" => 1 }'],
    unset: ["undefined", "–", "undefined"],
  });
});

Deno.test("cells in a kernel: a task is started, stopped and heard; one that fails is told", async () => {
  await using folder = await project();
  const [, stopped, failed] = await outputsOf(
    folder,
    `import { startTask } from "${cells}";`,
    `const task = await startTask("wait", [], (line) => line === "ready");
     const code = await task.stop();
     await ${json(`[task.line, code, await task.stop(), task.lines]`)};`,
    `await ${message(`startTask("fail", [], () => false)`)}`,
  );
  assertEquals(parsed(stopped), ["ready", 3, 3, ["ready", "bye"]]);
  assertEquals(parsed(failed)[0], "Cannot start fail: it ended with exit code 1: error: no port");
});

Deno.test("cells in a kernel: a task that nobody stops ends with its kernel", async () => {
  await using folder = await project();
  await outputsOf(
    folder,
    `import { startTask } from "${cells}";
     const task = await startTask("linger", [], (line) => line === "ready");`,
  );
  const ended = () => Deno.stat(folder.path("ended")).then(() => true, () => false);
  for (let tries = 0; tries < 200 && !await ended(); tries++) {
    await new Promise((done) => setTimeout(done, 50));
  }
  assert(await ended());
});

Deno.test("cells in a kernel: a run is interrupted by its signal", async () => {
  await using folder = await project();
  const [, interrupted] = await outputsOf(
    folder,
    `import { run } from "${cells}";`,
    `const abort = new AbortController();
     const running = run("sums", { params: { upTo: 50 }, signal: abort.signal });
     const started = () => Deno.stat("../started").then(() => true, () => false);
     for (let i = 0; i < 3000 && !await started(); i++) await new Promise((done) => setTimeout(done, 20));
     abort.abort();
     await ${message("running")}`,
  );
  assertEquals(parsed(interrupted)[0], "Cannot finish sums: it was cancelled");
});

Deno.test("cells in a kernel: a pipeline is run, drawn and read; its failure is told", async () => {
  await using folder = await project();
  const [, early, first, values, again, forced, , wrong, failed, unknown] = await outputsOf(
    folder,
    `import { artifact, run, table } from "${cells}";`,
    `await ${message(`artifact("sums", "all")`)}`,
    `const sums = await run("sums", { params: { upTo: 4 } });`,
    `const numbers = await sums.artifact("numbers");
     const [powers, squares, all] = [
       await artifact("sums", "powers"),
       await sums.artifact("powers", { item: "p2" }),
       await artifact("sums", "all"),
     ];
     await ${json(`[numbers instanceof Float64Array, [...numbers], powers, squares, [...all]]`)}`,
    `const other = await run("sums", { params: { upTo: 4 } }); table([sums, other]);`,
    `await run("sums", { params: { upTo: 4 }, force: "powers", jobs: 1 });`,
    `const small = await run("sums");`,
    `await ${message(`run("sums", { params: { upTo: 0 } })`)}`,
    `await ${message(`run("sums", { params: { upTo: 100 } })`)}`,
    `await ${message(`artifact("sums", "means")`)}`,
  );
  assertEquals(parsed(early), [
    "Cannot read step all: sums has not run",
    `run it with: await run("sums")`,
  ]);
  assertEquals(first.length, 1);
  const drawn = textOf(first[0]);
  assertMatch(
    drawn,
    /^sums: succeeded after [\d.]+ s\n {2}numbers +[\d.]+ s\n {2}powers +[\d.]+ s/,
  );
  assertStringIncludes(drawn, "made in pipelines");
  assert(!JSON.stringify(first).includes(folder.folder), "no path of the machine is told");
  assertEquals(parsed(values), [
    ...[true, [1, 2, 3, 4], { p1: { power: 1, sum: 10 }, p2: { power: 2, sum: 30 } }],
    ...[{ power: 2, sum: 30 }, [[1, 10], [2, 30]]],
  ]);
  assertMatch(textOf(again[0]), /numbers +cached\n {2}powers +cached\n {2}all +cached/);
  assertStringIncludes(textOf(again[1]), "total");
  assertMatch(textOf(forced[0]), /numbers +cached\n {2}powers +[\d.]+ s\n {2}all +cached/);
  assertStringIncludes(parsed(wrong)[0], "upTo");
  assertEquals(parsed(failed)[0], "Cannot finish sums: too many");
  assertEquals(parsed(unknown), [
    "Cannot read step means: no run of sums has its output",
    "there are numbers, powers, all",
  ]);
});
