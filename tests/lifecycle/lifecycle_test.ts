/** A model's whole life as one pipeline: from raw rows to the champion, and told of. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { Project } from "../integration/project.ts";

const small = ["--param", "n_estimators=5", "--param", "folds=2", "--param", "min_roc_auc=0.5"];

Deno.test("lifecycle: validated, checked for drift, trained, registered, promoted, told", async () => {
  await using project = await Project.create(["serve"]);
  const told: Record<string, unknown>[] = [];
  await using hook = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (r) => {
      told.push(await r.json());
      return new Response();
    },
  );
  const env = { NOTIFY_WEBHOOK: `http://127.0.0.1:${hook.addr.port}/` };
  const run = (...args: string[]) =>
    project.task("pipeline", ["credit_risk_training", ...small, ...args], env);

  const first = await run();
  assertEquals(first.code, 0, first.stderr);
  assertStringIncludes(first.stdout, "credit-risk has no champion yet");
  assertMatch(first.stdout, /^ {2}ok +server/m);
  assertEquals(told.length, 1);
  assertEquals([told[0].model, told[0].alias, told[0].refused], ["credit-risk", "champion", []]);
  assert(!first.stderr.includes("not kept"), first.stderr);
  const pointer = join(project.path, "models/latest_credit-risk.json");
  const { version } = JSON.parse(await Deno.readTextFile(pointer));
  assertEquals(version, told[0].version);

  // The same rows again: nothing is trained, the stages beside it are gone through.
  const again = await run();
  assertEquals(again.code, 0, again.stderr);
  assertMatch(again.stderr, /^train(\[GradientBoosting\])?: CACHED$/m);
  assertStringIncludes(again.stdout, "No drift: 11 columns are as the reference was");
  assertEquals(told[1].version, version);

  // Incomes that doubled are not learned from where drift is to stop it.
  const path = join(project.path, "data/raw/credit_risk.csv");
  const [head, ...rows] = (await Deno.readTextFile(path)).trimEnd().split("\n");
  const richer = rows.map((row) => {
    const cells = row.split(",");
    cells[1] = String(2 * Number(cells[1]));
    return cells.join(",");
  });
  await Deno.writeTextFile(path, [head, ...richer].join("\n") + "\n");
  const moved = await run("--param", "drift=low");
  assertEquals(moved.code, 1, moved.stdout);
  assertStringIncludes(moved.stderr, "its rows have moved");
  assertStringIncludes(moved.stderr, "person_income");
  assertEquals(told.length, 2);

  // A model that misses a gate is told of as such, and moves nothing.
  const missed = await run("--param", "min_roc_auc=0.999");
  assertEquals(missed.code, 3, missed.stderr);
  assertStringIncludes(String(told[2].text), "credit-risk is not registered: roc_auc");
  assertStringIncludes(String(told[2].text), "have drifted");
  assertEquals(JSON.parse(await Deno.readTextFile(pointer)).version, version);
});
