/**
 * Makes all fixtures anew in a copy of the project and compares them with the committed ones.
 *
 *     deno task fixtures [PART]
 *
 * PART chooses scripts of `tests/python/` by name. Numbers may differ by a relative 1e-8, which is
 * above what another processor or build of BLAS changes where a solver ends. Evidently, Feast and
 * others get environments of their own; a script that wants the public data is told and left
 * out if `../shared/data` is missing.
 */

import { assert } from "@std/assert";
import { join, relative, resolve } from "@std/path";
import { copyTree, filesIn, root } from "../tree_copy.ts";
import { makeEnvironment, must, readRequirements } from "./environment.ts";
import { differenceOf } from "./difference.ts";

/** Scripts that need packages which do not go with the others. */
const environments: Readonly<Record<string, string>> = {
  "make_anomaly_fixtures.py": "requirements-anomaly.txt",
  "make_cbpe_fixtures.py": "requirements-nannyml.txt",
  "make_crps_fixtures.py": "requirements-forecast.txt",
  "make_drift_fixtures.py": "requirements-evidently.txt",
  "make_evidently_fixtures.py": "requirements-evidently.txt",
  "make_evidently_rules_fixtures.py": "requirements-evidently.txt",
  "make_feast_fixtures.py": "requirements-feast.txt",
  "make_forecast_fixtures.py": "requirements-forecast.txt",
  "make_holidays.py": "requirements-holidays.txt",
  "make_kept_origins_fixtures.py": "requirements-forecast.txt",
  "make_kept_series_fixtures.py": "requirements-forecast.txt",
  "make_retrieval_fixtures.py": "requirements-retrieval.txt",
  "make_search_fixtures.py": "requirements-search.txt",
  "make_sequence_fixtures.py": "requirements-sequences.txt",
  "make_table_search_fixtures.py": "requirements-search.txt",
};
/** Scripts that read the public data. */
const readsData = new Set(["make_evidently_fixtures.py", "make_table_search_fixtures.py"]);
/** What scripts are told, if it is anything; paths are from the tree. */
const told: Readonly<Record<string, (data: string) => string[]>> = {
  "make_evidently_fixtures.py": (data) => [data],
  "make_search_fixtures.py": () => ["tests/search/fixtures/optuna.json"],
  "make_table_search_fixtures.py": (data) => [
    "tests/training/fixtures/search.json",
    `pima=${join(data, "pima/diabetes.csv")}`,
    "twin=twin.csv",
  ],
};

function log(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(line + "\n"));
}

/** The fixtures of a tree by path, as bytes. */
async function fixturesOf(tree: string): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  for (const file of await filesIn(["tests"], "")) {
    if (!/\/fixtures\//.test(file)) continue;
    found.set(file, await Deno.readFile(join(tree, file)));
  }
  return found;
}

const [part = ""] = Deno.args;
const data = resolve(root, "../shared/data");
const hasData = await Deno.stat(data).then(() => true, () => false);
const folder = await Deno.realPath(await Deno.makeTempDir());
const problems: string[] = [];
try {
  const tree = join(folder, "project");
  await copyTree(tree);
  const before = await fixturesOf(tree);
  const made = new Map<string, string>();
  const scripts = (await filesIn(["tests/python"], ".py"))
    .map((path) => relative("tests/python", path))
    .filter((script) => script.startsWith("make_") && script.includes(part));
  assert(scripts.length > 0, `No script of tests/python makes fixtures of "${part}"`);
  for (const script of scripts) {
    if (readsData.has(script) && !hasData) {
      log(`${script}: left out, ../shared/data is not here`);
      continue;
    }
    const name = environments[script];
    if (name !== undefined && !made.has(name)) {
      const lines = await readRequirements(join(root, "tests/python", name));
      made.set(name, await makeEnvironment(join(folder, name), "python3", lines));
    }
    const python = made.get(name) ?? join(tree, ".venv/bin/python");
    const begin = performance.now();
    try {
      if (script === "make_table_search_fixtures.py") {
        const twin = "tests/training/write_pima_twin.ts";
        await must(Deno.execPath(), ["run", "--quiet", "-A", twin, "twin.csv"], { cwd: tree });
      }
      await must(python, [join("tests/python", script), ...told[script]?.(data) ?? []], {
        cwd: tree,
      });
      log(`${script}: ${((performance.now() - begin) / 1000).toFixed(1)} s`);
    } catch (error) {
      problems.push(String(error));
    }
  }
  for (const [path, bytes] of await fixturesOf(tree)) {
    const difference = differenceOf(path, before.get(path), bytes);
    if (difference !== undefined) problems.push(`${path}: ${difference}`);
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
for (const problem of problems) log(problem);
log(problems.length === 0 ? "all fixtures are as committed" : `${problems.length} differ`);
Deno.exit(problems.length === 0 ? 0 : 1);
