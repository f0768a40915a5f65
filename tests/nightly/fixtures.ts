/**
 * Makes all fixtures anew in a copy of the project and compares them with the committed ones.
 *
 *     deno task fixtures [PART]
 *
 * PART chooses scripts of `tests/python/` by name. Numbers may differ by a relative 1e-9, which is
 * far above what another build of BLAS changes and far below every tolerance of a test. Evidently
 * and NannyML get environments of their own; a script that wants the public data is told and left
 * out if `../shared/data` is missing.
 */

import { join, relative, resolve } from "@std/path";
import { copyTree, filesIn, root } from "../tree_copy.ts";
import { makeEnvironment, must, readRequirements } from "./environment.ts";
import { differenceOf } from "./difference.ts";

/** Scripts that need packages which do not go with the others. */
const environments: Readonly<Record<string, string>> = {
  "make_cbpe_fixtures.py": "requirements-nannyml.txt",
  "make_drift_fixtures.py": "requirements-evidently.txt",
  "make_evidently_fixtures.py": "requirements-evidently.txt",
  "make_evidently_rules_fixtures.py": "requirements-evidently.txt",
};
/** Scripts that read the public data. */
const readsData = new Set(["make_evidently_fixtures.py"]);

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
  for (const path of await filesIn(["tests/python"], ".py")) {
    const script = relative("tests/python", path);
    if (!script.startsWith("make_") || !script.includes(part)) continue;
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
      await must(python, [path, ...readsData.has(script) ? [data] : []], { cwd: tree });
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
