/** A training whose steps are carried out in two working copies gives the model of one. */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { sha256File } from "../../src/base/mod.ts";
import { Project } from "./project.ts";

const full = Deno.args.includes("--full");
const given = ["combinations=Over_RandomForest,SMOTE_GradientBoosting", "trees=5", "rounds=5"]
  .flatMap((text) => ["--param", text]);
const units = [
  ...[
    "load",
    "validate",
    "clean",
    "fill",
    "split",
    "train[Over_RandomForest]",
    "train[SMOTE_GradientBoosting]",
    "baseline[Dummy]",
  ],
  ...["train", "baseline", "evaluate", "leak_check", "conclude", "fit", "learning_curve"],
  ...["explain", "inspect", "export"],
];

async function digestOfModel(project: Project): Promise<string> {
  const names = (await project.names("models")).filter((name) => name.endsWith(".onnx"));
  assertEquals(names.length, 1);
  return await sha256File(join(project.path, "models", names[0]));
}

Deno.test({
  name: "orchestrated training: two working copies, one model, one tracked run (--full)",
  ignore: !full,
}, async () => {
  await using alone = await Project.create();
  await using first = await Project.create();
  await using second = await Project.create();
  const data = ["--customers", "120", "--seed", "42", "--out", "data/raw/train.csv"];
  for (const project of [alone, first, second]) await project.task("data", data);
  assertEquals((await alone.task("pipeline", ["train", ...given])).code, 0);
  const store = await Deno.makeTempDir();
  const env = { DINOFLOW_STORE: `file://${store}` };
  for (const [i, unit] of units.entries()) {
    const args = ["train", ...given, "--run", "r1", "--only", unit];
    const { code, stderr } = await [first, second][i % 2].task("pipeline", args, env);
    assertEquals(code, 0, `${unit}: ${stderr}`);
  }
  const exporter = [first, second][(units.length - 1) % 2];
  assertEquals(await digestOfModel(exporter), await digestOfModel(alone));
  const told = await exporter.task("runs", ["list", "--json"]);
  const runs = JSON.parse(told.stdout) as { name: string }[];
  // The training and its two candidates, in one place.
  assertEquals(runs.length, 3, told.stdout);
  const other = exporter === first ? second : first;
  assert((await other.names("models")).every((name) => !name.endsWith(".onnx")));
  await Deno.remove(store, { recursive: true });
});
