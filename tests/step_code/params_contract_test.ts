/** No edit, only another parameter: a kept output never stands for the wrong one. */

import { assert, assertEquals } from "@std/assert";
import { type Files, Versions } from "./versions.ts";

const schema = `z.object({
  k: z.number().default(1),
  j: z.number().default(1),
  model: z.string().default("tree"),
  list: z.array(z.number()).default([1, 2]),
  deep: z.object({ x: z.number(), y: z.number() }).default({ x: 1, y: 1 }),
})`;

/** The pipeline with a wiring function; the step `a` gives what `told` tells. */
const files = (build: string, top = ""): Files => ({
  "p.ts": `import { pipeline } from "@pipeline"; import { z } from "zod";
// deno-lint-ignore-file
${top}
export default pipeline("p", { description: "", params: ${schema} }, ${build});`,
});

const tell = `step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`;
/** A wiring function whose body makes the handle `a`. */
const body = (text: string) => `({ step, each, params }: any) => {\n${text}\n${tell}\n}`;

/** Wirings in which the result depends on the parameters in some way. */
const wirings: Record<string, Files> = {
  "steps of two branches": files(body(`let a;
    if (params.model === "tree") a = step("a", () => "tree");
    else a = step("a", () => "line");`)),
  "a variable that is assigned": files(
    body(`let c = 0; if (params.k > 5) c = 1; const a = step("a", () => c);`),
  ),
  "steps of a conditional": files(
    body(`const a = params.k > 5 ? step("a", () => "hi") : step("a", () => "lo");`),
  ),
  "an early return": files(`({ step, params }: any) => {
    if (params.k > 5) { const a = step("a", () => "hi"); ${tell} return; }
    const a = step("a", () => "lo"); ${tell}
  }`),
  "parameters taken in the pattern": files(
    `({ step, params: { k, j } }: any) => { const a = step("a", () => [k, j * 10]); ${tell} }`,
  ),
  "parameters taken later": files(
    `(b: any) => { const { params } = b; const a = b.step("a", () => params.j * 10); const { step } = b; ${tell} }`,
  ),
  "a builder that is passed on": files(
    `(b: any) => { const a = make(b); const { step } = b; ${tell} }`,
    `function make(b: any) { return b.step("a", () => b.params.k + b.params.j); }`,
  ),
  "a method that is passed on": files(
    `({ step, params }: any) => { const a = make(step, params.k); ${tell} }`,
    `function make(step: any, k: number) { return step("a", () => k); }`,
  ),
  "arguments": files(
    `function (this: any) { const { step, params } = arguments[0]; const a = step("a", () => params.j); ${tell} }`,
  ),
  "a rest pattern": files(
    body(`const { k, ...rest } = params; const a = step("a", () => rest);`),
  ),
  "a rest pattern of the builder": files(
    `({ step, ...rest }: any) => { const a = step("a", () => rest.params.k); ${tell} }`,
  ),
  "a default in a pattern": files(
    body(`const { k, absent = k * 2 } = params; const a = step("a", () => absent);`),
  ),
  "a computed name": files(
    body(`const name = "k"; const { [name]: value } = params; const a = step("a", () => value);`),
  ),
  "a nested pattern": files(
    body(`const { deep: { x } } = params; const a = step("a", () => x);`),
  ),
  "another name of the parameters": files(
    body(`const p = params; const q = p; const a = step("a", () => q.k + q.j);`),
  ),
  "a switch": files(
    body(`let c; switch (params.model) { case "tree": c = 1; break; default: c = 2; }
    const a = step("a", () => c);`),
  ),
  "a loop": files(
    body(`let sum = 0; for (const n of params.list) sum += n; const a = step("a", () => sum);`),
  ),
  "a loop over names": files(
    body(`let sum = 0; for (const name in params) sum += Number(params[name]) || 0;
    const a = step("a", () => sum);`),
  ),
  "parameters passed whole": files(
    body(`const a = step("a", () => helper(params));`),
    `const helper = (p: any) => p.k * 100 + p.j;`,
  ),
  "parameters passed whole while wiring": files(
    body(`const c = helper(params); const a = step("a", () => c);`),
    `const helper = (p: any) => p.k * 100 + p.j;`,
  ),
  "a helper with memory": files(
    body(`keep(params); const a = step("a", () => held.k);`),
    `let held: any; const keep = (p: any) => { held = p; };`,
  ),
  "JSON": files(body(`const a = step("a", () => JSON.stringify(params));`)),
  "a spread": files(body(`const a = step("a", () => ({ ...params }));`)),
  "whether it is there": files(
    body(`const a = step("a", () => "k" in params && params[["k"][0]]);`),
  ),
  "entries": files(body(`const all = Object.entries(params); const a = step("a", () => all);`)),
  "keys": files(
    body(`const a = step("a", () => Object.keys(params).map((name) => params[name]));`),
  ),
  "a function of the wiring": files(
    body(`const get = (name: string) => params[name]; const a = step("a", () => get("k"));`),
  ),
  "a function that changes a variable": files(
    body(`let c = 0; const up = () => { c += params.k; }; up(); const a = step("a", () => c);`),
  ),
  "a list that is filled": files(
    body(
      `const all: number[] = []; if (params.k > 5) all.push(params.j); const a = step("a", () => all.length);`,
    ),
  ),
  "an object that is filled": files(
    body(`const o: any = {}; o.k = params.k; const a = step("a", () => o.k);`),
  ),
  "a destructuring assignment": files(
    body(`let c, d; ({ k: c, j: d } = params); const a = step("a", () => [c, d]);`),
  ),
  "logical operators": files(
    body(`let c = 0; params.k > 5 && (c = 1); const a = step("a", () => c);`),
  ),
  "a thrown error": files(
    body(
      `let c = 0; try { if (params.k > 5) throw 1; } catch { c = 1; } const a = step("a", () => c);`,
    ),
  ),
  "a label": files(
    body(`let c = 0; out: { if (params.k > 5) break out; c = 1; } const a = step("a", () => c);`),
  ),
  "items of a fan-out": files(
    body(`const a = each("a", params.list, (n: number) => n * 2);`),
  ),
  "items with functions": files(
    body(
      `const a = each("a", params.list.map((n: number) => ({ name: "n" + n, f: () => n * params.k })),
      (item: any) => item.f());`,
    ),
  ),
  "what a fan-out captures": files(
    body(`const factor = params.k; const a = each("a", [1, 2], (n: number) => n * factor);`),
  ),
  "a step made by a helper of the wiring": files(
    body(
      `const make = (name: string, n: number) => step(name, () => n); const a = make("a", params.k);`,
    ),
  ),
  "a step made in a loop": files(
    body(`let a: any; for (const n of [params.k]) a = step("a", () => n);`),
  ),
  "a step's function that is made": files(
    body(`const a = step("a", make(params.k));`),
    `const make = (k: number) => () => k;`,
  ),
  "a choice of functions": files(
    body(`const a = step("a", params.k > 5 ? () => "hi" : () => "lo");`),
  ),
  "a template": files(body('const name = `${params.model}!`; const a = step("a", () => name);')),
  "a getter": files(
    body(`const o = { get k() { return params.k; } }; const a = step("a", () => o.k);`),
  ),
  "a class": files(
    body(`class C { k = params.k; } const a = step("a", () => new C().k);`),
  ),
  "inputs by condition": files(
    body(`const lo = step("lo", () => 1), hi = step("hi", () => 2);
    const a = step("a", params.k > 5 ? { x: hi } : { x: lo }, ({ x }: any) => x);`),
  ),
  "a wiring function that is named": files(
    "build",
    `function build({ step, params }: any) { const a = step("a", () => params.j); ${tell} }`,
  ),
  "a wiring function that is made": files(
    "make()",
    `const make = () => ({ step, params }: any) => { const a = step("a", () => params.j); ${tell} };`,
  ),
};

const changes = [
  { k: 9 },
  { j: 5 },
  { model: "line" },
  { list: [3] },
  { deep: { x: 2, y: 3 } },
  { k: 7, j: 8, list: [1, 2, 3] },
  {},
];

for (const [name, wiring] of Object.entries(wirings)) {
  Deno.test(`another parameter: ${name}`, async () => {
    await using versions = await Versions.create();
    const version = await versions.load(wiring);
    const told = new Set([(await version.checked()).told]);
    for (const params of changes) told.add((await version.checked(params)).told);
    assert(told.size > 1, "no parameter changes the result");
  });
}

/** Steps that do not use a parameter are left alone by it. */
const untouched: Record<string, Files> = {
  "a member": files(body(`step("b", () => params.j); const a = step("a", () => params.k);`)),
  "a pattern": files(
    body(`const { k, j } = params; step("b", () => j); const a = step("a", () => k);`),
  ),
  "a pattern of the builder": files(
    `({ step, params: { k, j } }: any) => { step("b", () => j); const a = step("a", () => k); ${tell} }`,
  ),
  "the items of another step": files(
    body(`each("b", Array.from({ length: params.j }, (_, i) => i), (n: number) => n);
    const a = step("a", () => params.k);`),
  ),
  "a list that a helper makes": files(
    body(`each("b", grid(params.j), (n: number) => n); const a = step("a", () => params.k);`),
    `function grid(n: number) { const all = []; for (let i = 0; i < n; i++) all.push(i * 2); return all; }`,
  ),
  "a limit of time": files(
    body(`step("b", {}, () => 1, { retries: params.j }); const a = step("a", () => params.k);`),
  ),
};

for (const [name, wiring] of Object.entries(untouched)) {
  Deno.test(`another parameter leaves other steps alone: ${name}`, async () => {
    await using versions = await Versions.create();
    const version = await versions.load(wiring);
    await version.checked();
    assertEquals((await version.checked({ j: 3 })).units.a, "cached");
    assertEquals((await version.checked({ k: 3 })).units.a, "ran");
  });
}

Deno.test("another parameter: state that steps share makes those who see it run every time", async () => {
  await using versions = await Versions.create();
  const version = await versions.load(files(body(`let count = 0;
    const b = step("b", () => { count++; return 1; });
    const a = step("a", { b }, () => count);`)));
  await version.run();
  const { units } = await version.run();
  assertEquals([units.a, units.b], ["ran", "ran"]);
});

Deno.test("another parameter: a package's function called set is no shared state", async () => {
  await using versions = await Versions.create();
  const version = await versions.load(
    files(body(`const a = step("a", () => z.set(z.number()).parse(new Set([1])).size);`)),
  );
  await version.run();
  assertEquals((await version.run()).units.a, "cached");
});

Deno.test("another parameter: steps cannot change the parameters", async () => {
  await using versions = await Versions.create();
  const version = await versions.load(
    files(body(`const a = step("a", () => { params.list.push(9); return 1; });`)),
  );
  const failed = await version.run().then(() => "", (error) => String(error));
  assert(failed.includes("not extensible"), failed);
});
