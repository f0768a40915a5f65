/** What an edit of code runs again in a training, as `--plan` tells before it does. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { Project } from "./project.ts";

const small = [
  ...["train", "--param", "trees=4", "--param", "rounds=3", "--param", "folds=2", "--param"],
  "combinations=" +
  ["Over", "SMOTE"].flatMap((sampler) =>
    ["RandomForest", "GradientBoosting"].map((learner) => `${sampler}_${learner}`)
  ),
];

/** The verdicts and reasons of a plan by unit. */
async function planned(project: Project, args: readonly string[]) {
  const { code, stdout, stderr } = await project.task("pipeline", [...args, "--plan"]);
  assertEquals(code, 0, stderr);
  return new Map(
    stdout.trimEnd().split("\n").map((line) => {
      const [, verdict, unit, reasons] = /^(\S+) +(\S+) *(.*)$/.exec(line)!;
      return [unit, { verdict, reasons }];
    }),
  );
}

/** The units that a plan runs in any case, or does not know of. */
async function changed(project: Project, args: readonly string[]) {
  const all = [...await planned(project, args)];
  const of = (wanted: string) =>
    all.filter(([, { verdict }]) => verdict === wanted).map(([unit]) => unit);
  return { run: of("RUN"), maybe: of("MAYBE") };
}

/** Edits a file; what it gives undoes that. */
async function edit(project: Project, path: string, from: string, to: string) {
  const text = await Deno.readTextFile(join(project.path, path));
  assert(text.includes(from), `nothing to edit in ${path}`);
  await Deno.writeTextFile(join(project.path, path), text.replace(from, to));
  return () => Deno.writeTextFile(join(project.path, path), text);
}

/** What changes the code of a file and nothing that it does. */
const harmless = (project: Project, path: string) =>
  edit(project, path, "  return {", "  void 0;\n  return {");

async function withData(): Promise<Project> {
  const project = await Project.create();
  const made = await project.task("data", ["--customers", "60", "--out", "data/raw/train.csv"]);
  assertEquals(made.code, 0, made.stderr);
  return project;
}

async function run(project: Project, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await project.task("pipeline", [...args]);
  assertEquals(code, 0, stderr);
  return stdout + stderr;
}

Deno.test("train: an edit of a learner or sampler runs again what uses it, a comment nothing", async () => {
  await using project = await withData();
  const told = await run(project, small);
  const [, winner] = /Best model: (\w+)/.exec(told) ?? [];
  assertMatch(winner, /^(Over|SMOTE)_(RandomForest|GradientBoosting)$/, told);
  assertEquals(await changed(project, small), { run: [], maybe: [] });

  for (
    const path of [
      ...["src/learners/random_forest.ts", "src/samplers/smote.ts", "pipelines/train.ts"],
      "src/learners/registry.ts",
    ]
  ) {
    const undo = await edit(project, path, "import", "// A comment.\nimport");
    assertEquals(await changed(project, small), { run: [], maybe: [] }, path);
    await undo();
  }

  const after = [
    "evaluate",
    "leak_check",
    "conclude",
    "fit",
    "learning_curve",
    "explain",
    "inspect",
  ];
  const fits = ["leak_check", "fit", "learning_curve"];
  for (
    const [path, kind] of [
      ["src/learners/random_forest.ts", "RandomForest"],
      ["src/learners/gradient_boosting.ts", "GradientBoosting"],
      ["src/samplers/smote.ts", "SMOTE"],
      ["src/samplers/random_over_sampler.ts", "Over"],
      ["src/learners/forest_growth.ts", "RandomForest"],
    ] as const
  ) {
    const undo = await harmless(project, path);
    const found = await changed(project, small);
    const tried = ["Over", "SMOTE"].flatMap((sampler) =>
      ["RandomForest", "GradientBoosting"].map((learner) => `${sampler}_${learner}`)
    ).filter((name) => name.includes(kind));
    const again = winner.includes(kind) ? fits : [];
    assertEquals(
      new Set(found.run),
      new Set([...tried.map((name) => `train[${name}]`), ...again]),
      path,
    );
    const open = new Set([...after, "export"]).difference(new Set(again));
    assertEquals(new Set(found.maybe), open, path);
    const { reasons } = (await planned(project, small)).get(`train[${tried[0]}]`)!;
    assertEquals(reasons, `CODE ${path} changed`);
    await undo();
  }
  // What no candidate is made of, and what only the export does.
  for (
    const [path, units] of [
      ["src/learners/extra_trees.ts", []],
      ["src/learners/random_forest_regressor.ts", []],
      ["src/samplers/adasyn.ts", []],
      ["src/onnx/export.ts", ["export"]],
    ] as const
  ) {
    const from = (await Deno.readTextFile(join(project.path, path))).includes("  return {")
      ? "  return {"
      : "  return ";
    const undo = await edit(project, path, from, `  void 0;\n${from}`);
    assertEquals(await changed(project, small), { run: [...units], maybe: [] }, path);
    await undo();
  }

  // The run does what the plan told: the loser's edit ends where nothing came out differently.
  const loser = winner.includes("RandomForest") ? "gradient_boosting" : "random_forest";
  await harmless(project, `src/learners/${loser}.ts`);
  const again = await run(project, small);
  const done = [...again.matchAll(/^(\w+(?:\[\w+\])?): done/gm)].map(([, unit]) => unit);
  assertEquals(
    done.filter((unit) => !unit.startsWith("train")),
    [],
    again,
  );
  assertEquals(await changed(project, small), { run: [], maybe: [] });
});

Deno.test("a training of one's own: an edit of a learner runs again what uses it", async () => {
  await using project = await withData();
  await run(project, [
    ...["--new", "mine", "--from", "data/raw/train.csv", "--target", "Credit_Score"],
  ]);
  const args = ["mine", "--param", "trees=3", "--param", "folds=2"];
  await run(project, args);
  assertEquals(await changed(project, args), { run: [], maybe: [] });
  await harmless(project, "src/learners/random_forest.ts");
  const { run: units } = await changed(project, args);
  assertEquals(
    units.filter((unit) => unit.startsWith("train")),
    ["train[RandomForest]"],
  );
});
