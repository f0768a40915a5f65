/** Which edits of code reach which step. */

import { assertEquals } from "@std/assert";
import { toFileUrl } from "@std/path";
import { type KeptFacts, readSources } from "../../src/step_code/read_facts.ts";
import { CodeMap } from "../../src/step_code/code_map.ts";
import { reachOf } from "../../src/step_code/reach.ts";
import type { StepCode } from "../../src/step_code/mod.ts";
import { Project } from "../pipeline/project.ts";

const files = {
  "p.ts": `
import { pipeline } from "@pipeline";
import { z } from "zod";
import { direct, type Row } from "./lib/mod.ts";
import * as everything from "./lib/space.ts";
import { taskA } from "./lib/task.ts";
import settings from "./settings.json" with { type: "json" };
import "./lib/effect.ts";

const constant = 3;
function local(x: number) { return x + constant; }

export default pipeline("p", {
  description: "", params: z.object({ a: z.number().default(1), b: z.number().default(2), c: z.number().default(3) }),
}, ({ step, each, resource, params }) => {
  const { b } = params;
  const captured = local(b);
  const pool = resource("pool", { open: () => everything.open() });
  const plain = step("plain", () => params.a);
  step("uses_local", { plain }, ({ plain }) => local(plain));
  step("uses_captured", { plain }, ({ plain }) => plain + captured);
  step("deep", { plain }, ({ plain }): Row => direct(plain));
  step("space", { plain }, ({ plain }) => everything.one(plain));
  step("pooled", { pool, plain }, ({ plain }) => plain);
  step("works", { plain }, ({ plain }) => taskA(plain));
  step("json", { plain }, ({ plain }) => plain + settings.n);
  step("all", { plain }, ({ plain }) => JSON.stringify(params) + plain);
  each("items", [params.c, 5], { plain }, (item, { plain }) => item + plain);
  for (const name of ["looped"]) step(name, { plain }, ({ plain }) => plain);
});
`,
  "settings.json": `{ "n": 1 }`,
  "lib/mod.ts":
    `export { direct } from "./one.ts"; export * from "./types.ts"; export { unrelated } from "./other.ts";`,
  "lib/types.ts": `export interface Row { n: number }`,
  "lib/other.ts": `export const unrelated = () => 1;`,
  "lib/one.ts": `import { two } from "./two.ts";
export const direct = (n: number) => ({ n: two(n) });
export const neighbour = (n: number) => n;`,
  "lib/two.ts":
    `import { three } from "./three.ts"; export const two = (n: number) => three(n) + 1;`,
  "lib/three.ts": `// the last helper
export function three(n: number): number { const doubled = 2 * n; return doubled; }
export function four() { return 4; }`,
  "lib/space.ts": `export const one = (n: number) => n; export const open = () => 1;`,
  "lib/task.ts":
    `export const taskA = (n: number) => { new Worker(new URL("./worker.ts", import.meta.url)); return n; };`,
  "lib/worker.ts": `import { inWorker } from "./in_worker.ts"; self.onmessage = () => inWorker();`,
  "lib/in_worker.ts": `export function inWorker() { return 1; }`,
  "lib/effect.ts": `(globalThis as { x?: number }).x = 1;`,
};
const steps = [
  "plain",
  "uses_local",
  "uses_captured",
  "deep",
  "space",
  "pooled",
  "works",
  "json",
  "all",
  "items",
  "looped",
];

/** Facts of files that any test has read: parsing is most of the time. */
let kept: KeptFacts | undefined;

async function codeOf(project: Project): Promise<Record<string, StepCode>> {
  const url = toFileUrl(project.path("p.ts")).href;
  const { files, keep } = await readSources([url], kept && [kept]);
  kept = { ...keep, facts: { ...kept?.facts, ...keep.facts } };
  const map = new CodeMap(files, project.folder, url);
  return Object.fromEntries(
    steps.map((name) => [name, reachOf(map, url, name, name === "pooled" ? ["pool"] : [])]),
  );
}

/** The steps that an edit reaches; one declared in a loop stands for all code of the wiring. */
async function reached(path: string, from: string | RegExp, to: string): Promise<string[]> {
  await using project = await Project.create(files);
  const before = await codeOf(project);
  await project.edit(path, from, to);
  const after = await codeOf(project);
  return steps.filter((step) =>
    JSON.stringify(before[step].code) !== JSON.stringify(after[step].code)
  );
}

Deno.test("reach: an edit three imports away reaches the steps that call it, no others", async () => {
  assertEquals(await reached("lib/three.ts", "2 * n", "3 * n"), ["deep", "looped"]);
  assertEquals(await reached("lib/three.ts", "return 4", "return 5"), []);
  assertEquals(await reached("lib/one.ts", "=> n;", "=> n + 1;"), []);
  assertEquals(await reached("lib/other.ts", "=> 1", "=> 2"), []);
});

Deno.test("reach: comments, formatting and types reach no step", async () => {
  assertEquals(await reached("lib/three.ts", "// the last helper", "/* of all */"), []);
  const spread = "{\n  const doubled =\n    2 *\n    n;\n  return doubled;\n}";
  assertEquals(await reached("lib/three.ts", /\{ const doubled.*\}/, spread), []);
  assertEquals(await reached("lib/three.ts", "n: number): number", "n: 1 | 2): 2 | 4"), []);
  assertEquals(await reached("lib/three.ts", "2 * n", "(2 * n)"), []);
  assertEquals(await reached("lib/types.ts", "n: number", "n: number; m?: string"), []);
  assertEquals(await reached("p.ts", "direct(plain)", "direct(plain) as Row"), []);
  assertEquals(await reached("p.ts", "const constant", "const unused = 7;\nconst constant"), []);
});

Deno.test("reach: code that looks alike but is not does reach", async () => {
  const deep = ["deep", "looped"];
  assertEquals(await reached("lib/three.ts", "2 * n", '"2" * n'), deep);
  assertEquals(await reached("lib/three.ts", "return doubled", "return\ndoubled"), deep);
  assertEquals(await reached("lib/three.ts", "const doubled", "let doubled"), deep);
});

Deno.test("reach: what a step's function captures counts as its code", async () => {
  const both = ["uses_local", "uses_captured", "looped"];
  assertEquals(await reached("p.ts", "constant = 3", "constant = 4"), both);
  assertEquals(await reached("p.ts", "local(b);", "local(b) + 1;"), ["uses_captured", "looped"]);
  assertEquals(await reached("p.ts", "plain + captured", "captured + plain"), [
    "uses_captured",
    "looped",
  ]);
});

Deno.test("reach: resources, workers, namespaces and data files are followed", async () => {
  assertEquals(await reached("lib/space.ts", "open = () => 1", "open = () => 2"), [
    "space",
    "pooled",
    "looped",
  ]);
  assertEquals(await reached("lib/in_worker.ts", "return 1", "return 2"), ["works", "looped"]);
  assertEquals(await reached("settings.json", "1", "2"), ["json", "looped"]);
});

Deno.test("reach: what a module does when it is loaded reaches all who import it for that", async () => {
  assertEquals(await reached("lib/effect.ts", "x = 1", "x = 2"), steps);
});

Deno.test("reach: each step knows the parameters that it uses", async () => {
  await using project = await Project.create(files);
  const code = await codeOf(project);
  assertEquals(code.plain.params, ["a"]);
  assertEquals(code.uses_local.params, []);
  assertEquals(code.uses_captured.params, ["b"]);
  assertEquals(code.all.params, ["*"]);
  assertEquals(code.items.params, []);
  assertEquals(code.items.items?.params, ["c"]);
  assertEquals(code.looped.params, ["*"]);
});

Deno.test("reach: a file that turns the linter off is read all the same", async () => {
  await using project = await Project.create(files);
  await project.edit("lib/three.ts", "// the last", "// deno-lint-ignore-file\n// the last");
  const before = await codeOf(project);
  await project.edit("lib/three.ts", "2 * n", "5 * n");
  const after = await codeOf(project);
  assertEquals(before.deep.code["lib/three.ts"] === after.deep.code["lib/three.ts"], false);
});

Deno.test("reach: unchanged files are not parsed again", async () => {
  await using project = await Project.create(files);
  const url = toFileUrl(project.path("p.ts")).href;
  const first = await readSources([url]);
  const again = await readSources([url], [first.keep]);
  assertEquals(again.parsed, 0);
  await project.edit("lib/two.ts", "+ 1", "+ 2");
  assertEquals((await readSources([url], [first.keep])).parsed, 1);
  const outdated = { ...first.keep, version: "0" };
  assertEquals((await readSources([url], [outdated])).parsed, first.parsed);
});

Deno.test("reach: files that are imported by an address that does not look like a file", async () => {
  await using project = await Project.create({ "lib/far.ts": `export const far = () => 1;` });
  const far = toFileUrl(project.path("lib/far.ts")).href;
  await project.write(
    "p.ts",
    `import { pipeline } from "@pipeline"; import { far } from "${far}";
export default pipeline("p", options, ({ step }) => { step("one", () => far()); });`,
  );
  const url = toFileUrl(project.path("p.ts")).href;
  const code = async () => {
    const { files } = await readSources([url]);
    return reachOf(new CodeMap(files, project.folder, url), url, "one", []).code["lib/far.ts"];
  };
  const before = await code();
  await project.edit("lib/far.ts", "=> 1", "=> 2");
  assertEquals([before === undefined, before === await code()], [false, false]);
});
