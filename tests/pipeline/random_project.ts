/** Random pipelines and random edits of them, as source text. */

import { Random } from "../../src/base/mod.ts";

/** One step of a random pipeline. */
export interface RandomStep {
  readonly name: string;
  readonly inputs: readonly string[];
  /** Number of items of a fan-out; undefined for a step. */
  readonly items?: number;
  /** Files that it reads. */
  readonly file?: number;
  /** The helper that it calls; each helper calls the next. */
  readonly helper?: number;
  /** The parameter that it uses. */
  readonly param?: "p" | "q";
  /** Its result is taken modulo this, so that changes before it may come to nothing. */
  readonly modulo: number;
  readonly constant: number;
  readonly cached: boolean;
}

/** How code hangs together beside the calls of helpers: each is another kind of edit. */
export interface RandomTies {
  /** What the pipeline takes from the helper file under the names `left` and `right`. */
  swapped: boolean;
  /** The order in which two modules set what the steps read. */
  reversed: boolean;
  /** What a module sets that no step names. */
  setting: number;
  /** Through how many files the helpers are passed on. */
  barrels: number;
  /** The limit at which the wiring takes another way. */
  limit: number;
  /** Raw text in a template. */
  escaped: boolean;
}

/** A random pipeline with its helpers, files and parameters. */
export interface RandomProject {
  readonly ties: RandomTies;
  readonly steps: RandomStep[];
  readonly helpers: number[];
  readonly files: number[];
  readonly params: { p: number; q: number };
  /** Counts edits that change nothing. */
  readonly comments: number;
}

const HELPERS = 3;
const FILES = 2;

/** A pipeline of 2 to 7 steps. */
export function randomProject(random: Random): RandomProject {
  const maybe = (share: number) => random.next() < share;
  const steps: RandomStep[] = [];
  const count = 2 + random.int(6);
  for (let i = 0; i < count; i++) {
    steps.push({
      name: `s${i}`,
      inputs: steps.filter(() => maybe(0.45)).map(({ name }) => name),
      ...maybe(0.25) && { items: 1 + random.int(3) },
      ...maybe(0.3) && { file: random.int(FILES) },
      ...maybe(0.4) && { helper: random.int(HELPERS) },
      ...maybe(0.4) && { param: random.choice(["p", "q"] as const) },
      modulo: random.choice([2, 3, 1_000_003]),
      constant: random.int(100),
      cached: maybe(0.92),
    });
  }
  return {
    steps,
    helpers: Array.from({ length: HELPERS }, () => random.int(100)),
    files: Array.from({ length: FILES }, () => random.int(100)),
    params: { p: random.int(5), q: random.int(5) },
    ties: {
      swapped: maybe(0.5),
      reversed: maybe(0.5),
      setting: random.int(3),
      barrels: random.int(3),
      limit: random.int(5),
      escaped: maybe(0.5),
    },
    comments: 0,
  };
}

/** The project with one thing changed, or nothing that matters. */
export function randomEdit(project: RandomProject, random: Random): RandomProject {
  const edited = structuredClone(project);
  const numbers = [edited.helpers, edited.files];
  switch (random.int(9)) {
    case 0: {
      const index = random.int(edited.steps.length);
      edited.steps[index] = { ...edited.steps[index], constant: random.int(100) };
      return edited;
    }
    case 1:
    case 2: {
      const changed = numbers[random.int(2)];
      changed[random.int(changed.length)] = random.int(100);
      return edited;
    }
    case 3:
      edited.params[random.choice(["p", "q"] as const)] = random.int(5);
      return edited;
    case 4: {
      const index = random.int(edited.steps.length);
      const { items, ...step } = edited.steps[index];
      if (items !== undefined) edited.steps[index] = { ...step, items: 1 + random.int(4) };
      return edited;
    }
    case 5:
      edited.ties.swapped = !edited.ties.swapped;
      return edited;
    case 6:
      if (random.int(2) === 0) edited.ties.reversed = !edited.ties.reversed;
      else edited.ties.setting = random.int(3);
      return edited;
    case 7:
      if (random.int(2) === 0) edited.ties.limit = random.int(5);
      else edited.ties.escaped = !edited.ties.escaped;
      edited.ties.barrels = random.int(3);
      return edited;
    default:
      return { ...edited, comments: edited.comments + 1 };
  }
}

/** The files of a project; `data` is the folder of its input files. */
export function sources(project: RandomProject, data: string): Record<string, string> {
  const note = `// edit ${project.comments}\n`;
  const files: Record<string, string> = { "pipeline.ts": note + pipelineSource(project, data) };
  project.helpers.forEach((constant, i) => {
    const next = i + 1 < project.helpers.length;
    files[`h${i}.ts`] = (next ? `import { h${i + 1} } from "./h${i + 1}.ts";\n` : "") + note +
      `export const h${i} = (x: number): number => ${next ? `h${i + 1}(x)` : "x"} + ${constant};\n`;
  });
  const { setting, barrels, escaped } = project.ties;
  files["state.ts"] = note +
    `export const state = { value: 0 };\nexport const seen = () => state.value;\n`;
  for (const [name, value] of [["first", setting], ["second", 3 - setting]]) {
    files[`${name}.ts`] = `import { state } from "./state.ts";\n${note}state.value = ${value};\n`;
  }
  files["sides.ts"] = note + `export const one = 10;\nexport const two = 20;\n` +
    `export const text = String.raw\`a${escaped ? "\\" : ""}.b\`.length;\n`;
  for (let i = 0; i < barrels; i++) {
    files[`barrel${i}.ts`] = `${note}export * from "./${
      i === 0 ? "sides" : `barrel${i - 1}`
    }.ts";\n`;
  }
  return files;
}

function pipelineSource({ steps, helpers, files, ties }: RandomProject, data: string): string {
  const sides = ties.barrels === 0 ? "sides" : `barrel${ties.barrels - 1}`;
  const order = ties.reversed ? ["second", "first"] : ["first", "second"];
  const lines = [
    `import { pipeline } from "@pipeline";`,
    `import { z } from "zod";`,
    ...helpers.map((_, i) => `import { h${i} } from "./h${i}.ts";`),
    ...order.map((name) => `import "./${name}.ts";`),
    `import { seen } from "./state.ts";`,
    ties.swapped
      ? `import { two as left, one as right, text } from "./${sides}.ts";`
      : `import { one as left, two as right, text } from "./${sides}.ts";`,
    `const total = (values: Record<string, unknown>) =>`,
    `  Object.values(values).flat().reduce<number>((sum, n) => sum + (typeof n === "number" ? n : 0), 0);`,
    `const read = async (path: unknown) => Number(await Deno.readTextFile(String(path)));`,
    `export default pipeline("random", {`,
    `  description: "", params: z.object({ p: z.number(), q: z.number() }),`,
    `}, ({ step, each, file, params }) => {`,
    `  let way = 0;`,
    `  if (params.q > ${ties.limit}) way = 1;`,
    ...files.map((_, i) =>
      `  const f${i} = file("f${i}", ${JSON.stringify(`${data}/f${i}.txt`)});`
    ),
  ];
  for (const { name, inputs, items, file, helper, param, modulo, constant, cached } of steps) {
    const handles = [...inputs, ...file === undefined ? [] : [`f${file}`]].join(", ");
    const terms = [`total({ ${inputs.join(", ")} })`, String(constant)];
    if (items !== undefined) terms.push("7 * item");
    if (file !== undefined) terms.push(`await read(f${file})`);
    if (param !== undefined) terms.push(`params.${param}`);
    terms.push([`seen()`, `2 * left + right`, `text`, `way`][constant % 4]);
    const sum = helper === undefined ? terms.join(" + ") : `h${helper}(${terms.join(" + ")})`;
    const list = Array.from({ length: items ?? 0 }, (_, i) => i);
    const call = items === undefined
      ? `step("${name}", { ${handles} }, async ({ ${handles} })`
      : `each("${name}", [${list}], { ${handles} }, async (item, { ${handles} })`;
    const options = cached ? "" : ", { cache: false }";
    lines.push(`  const ${name} = ${call} => (${sum}) % ${modulo}${options});`);
  }
  const all = steps.map(({ name }) => name).join(", ");
  lines.push(
    `  step("collect", { ${all} }, (values, { log }) => log(JSON.stringify(values)));`,
    `});`,
  );
  return lines.join("\n");
}
