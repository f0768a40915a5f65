/** What an edit of the code of `train` runs again, as `--plan` tells before it does. */

import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { Project } from "./project.ts";

const small = [
  ...["--param", "trees=4", "--param", "rounds=3", "--param", "folds=2"],
  ...["--param", "combinations=Over_RandomForest,SMOTE_GradientBoosting"],
];

Deno.test("train: an edit of a learner or sampler runs again what uses it, a comment nothing", async () => {
  await using project = await Project.create();
  const data = await project.task("data", ["--customers", "60", "--out", "data/raw/train.csv"]);
  assertEquals(data.code, 0, data.stderr);
  const trained = await project.task("pipeline", ["train", ...small]);
  assertEquals(trained.code, 0, trained.stderr);

  /** The verdicts and reasons by unit. */
  const plan = async () => {
    const { code, stdout, stderr } = await project.task("pipeline", ["train", ...small, "--plan"]);
    assertEquals(code, 0, stderr);
    return new Map(
      stdout.trimEnd().split("\n").map((line) => {
        const [, verdict, unit, reasons] = /^(\S+) +(\S+) *(.*)$/.exec(line)!;
        return [unit, { verdict, reasons }];
      }),
    );
  };
  const cached = async () => {
    const all = await plan();
    return [...all].filter(([, { verdict }]) => verdict === "CACHED").map(([unit]) => unit);
  };
  const all = [...(await plan()).keys()];
  assertEquals(all.length, 13);
  assertEquals(await cached(), all);

  const edit = async (path: string, from: string, to: string) => {
    const text = await Deno.readTextFile(join(project.path, path));
    assertEquals(text.split(from).length > 1, true, `nothing to edit in ${path}`);
    await Deno.writeTextFile(join(project.path, path), text.replace(from, to));
    return () => Deno.writeTextFile(join(project.path, path), text);
  };
  for (const path of ["src/learners/random_forest.ts", "pipelines/train.ts"]) {
    const undo = await edit(path, "import", "// A comment.\nimport");
    assertEquals(await cached(), all, path);
    await undo();
  }
  const before = ["load", "clean", "fill"];
  for (
    const [path, kept] of [
      ["src/learners/random_forest.ts", before],
      ["src/samplers/smote.ts", before],
    ] as const
  ) {
    const undo = await edit(path, "  return {", "  void 0;\n  return {");
    assertEquals(await cached(), kept, path);
    const { verdict, reasons } = (await plan()).get("train[Over_RandomForest]")!;
    assertEquals(verdict, "RUN");
    assertMatch(reasons, new RegExp(`^CODE ${path} changed`));
    await undo();
  }
  assertEquals(await cached(), all);
});
