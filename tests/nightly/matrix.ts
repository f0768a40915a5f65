/**
 * Runs the tests that talk to Python's tools with other versions of them, in a copy of the project.
 *
 *     deno task matrix [--mlflow VERSION|newest] [--python python3.11] [--tests PATH…] [--plan]
 *
 * Packages other than the one that is asked for are as `tests/python/requirements.txt` has them, as
 * far as they go with it: what MLflow itself asks for comes first. `--plan` installs nothing and
 * tells what would be.
 */

import { parseArgs } from "@std/cli/parse-args";
import { join } from "@std/path";
import { copyTree, printed, root } from "../tree_copy.ts";
import { makeEnvironment, must, readRequirements } from "./environment.ts";

/** Tests of what a version of MLflow may answer otherwise. */
const aboutMlflow = [
  "tests/tracking/tracker_test.ts",
  "tests/tracking/folder_keys_test.ts",
  "tests/integration/python_test.ts",
  "tests/integration/register_test.ts",
  "tests/integration/sweep_tracking_test.ts",
  "tests/serve/registry_test.ts",
];

/** Packages that these tests use beside MLflow; it says itself which versions it goes with. */
const besideMlflow = new Set(["onnx", "onnxruntime"]);

const given = parseArgs(Deno.args, {
  string: ["mlflow", "python", "tests"],
  boolean: ["plan"],
  collect: ["tests"],
});
const python: string = given.python ?? "python3";
const pinned = await readRequirements(join(root, "tests/python/requirements.txt"));
const nameOf = (line: string) => line.split(/[=<>~]/)[0];
const requirements = given.mlflow === undefined ? pinned : [
  given.mlflow === "newest"
    ? "mlflow"
    : `mlflow==${given.mlflow}${/\.\d+\./.test(given.mlflow) ? "" : ".*"}`,
  // Earlier versions of MLflow let a SQLAlchemy in that has no longer what they import.
  ...given.mlflow === "newest" ? [] : ["sqlalchemy<2.1"],
  ...pinned.map(nameOf).filter((name) => besideMlflow.has(name)),
];
const tests: string[] = given.tests.length > 0
  ? given.tests
  : given.mlflow === undefined
  ? ["tests/"]
  : aboutMlflow;

function log(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(line + "\n"));
}

log(`${python}: ${requirements.join(" ")}`);
log(`tests: ${tests.join(" ")}`);
if (!given.plan) {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    const tree = join(folder, "project");
    await copyTree(tree, ["node_modules"]);
    const own = await makeEnvironment(join(tree, ".venv"), python, requirements);
    log(await printed(tree, own, "-m", "pip", "list", "--disable-pip-version-check"));
    await must(Deno.execPath(), [
      ...["test", "--allow-all", "--no-check", "--parallel", "--preload=tests/preload.ts"],
      ...tests,
    ], { cwd: tree });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
