/** From a training to a champion and back by the tasks alone, with the permissions that they have. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { name, saveLoanModel, writeLoans } from "../promotion/models.ts";
import { Project } from "./project.ts";

Deno.test("models: the task promotes, refuses and rolls back; the task of runs compares", async () => {
  await using project = await Project.create(["serve"]);
  const [folder, data] = [join(project.path, "models"), join(project.path, "data/raw/loans.csv")];
  await writeLoans(data);
  const env = { USER: "ada", MLFLOW_TRACKING_URI: "" };
  const models = (...args: string[]) => project.task("models", args, env);

  await saveLoanModel(folder, data, { rounds: 10 });
  const first = await models("promote", name, "--why", "first");
  assertEquals(first.code, 0, first.stdout + first.stderr);
  await saveLoanModel(folder, data, { rounds: 40 });
  const second = await models("promote", name);
  assertEquals(second.code, 0, second.stdout + second.stderr);
  assertStringIncludes(second.stdout, "ok       champion");
  await saveLoanModel(folder, data, { worthless: true });
  const worse = await models("promote", name);
  assertEquals(worse.code, 3, worse.stdout + worse.stderr);
  assertStringIncludes(worse.stdout, "it is worse");
  const back = await models("rollback", name);
  assertEquals(back.code, 0, back.stdout + back.stderr);
  const pruned = await models("prune", name, "--keep", "0");
  assertEquals(pruned.code, 0, pruned.stderr);
  assertStringIncludes(pruned.stdout, "Removed 2 versions");
  const elsewhere = await models(
    "challenger",
    name,
    "newest",
    "--models",
    join(folder, "../other"),
  );
  assertEquals(elsewhere.code, 2, elsewhere.stderr);

  await project.task("data", ["--customers", "60", "--out", "data/raw/train.csv"]);
  for (const seed of [1, 2]) {
    const params = ["trees=3", "folds=2", "combinations=Over_RandomForest", `seed=${seed}`];
    const trained = await project.task(
      "pipeline",
      ["train", ...params.flatMap((param) => ["--param", param])],
      env,
    );
    assertEquals(trained.code, 0, trained.stderr);
  }
  const best = await project.task("runs", ["best", "best_f1_macro", "--json"], env);
  assertEquals(best.code, 0, best.stderr);
  const [one, two] = JSON.parse(best.stdout).runs;
  const compared = await project.task(
    "runs",
    ["compare", one.id, two.id, "--html", "reports/compare.html"],
    env,
  );
  assertEquals(compared.code, 0, compared.stderr);
  assertStringIncludes(compared.stdout, "seed");
  assertStringIncludes(
    await Deno.readTextFile(join(project.path, "reports/compare.html")),
    "Differences of parameters",
  );
  // What a training made takes the checklist too; its folds held no part out.
  const credit = await models("promote", "credit-score", "--data", "data/raw/train.csv");
  assertStringIncludes(credit.stdout, "ok       parity");
  assertStringIncludes(credit.stdout, "ok       server");
});
