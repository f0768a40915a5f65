/**
 * What a runner costs where there is nothing to do. Each step adds the numbers of two
 * steps before it, in layers of five; all were run before, nothing has changed since.
 * What is measured is the process that a user starts, from start to exit; the runner's
 * overhead is what that takes above the bare start of its language, an empty program:
 *
 * - ours: the command of `deno task pipeline`, without the task runner before it
 * - Kedro: `kedro run --only-missing-outputs` in a project of `kedro new`, outputs
 *   persisted by a JSON dataset factory; it looks whether outputs exist, nothing more
 * - Hamilton: a script with `driver.Builder().with_cache()` that asks for the last layer,
 *   without its extensions for packages that only the other peers need
 * - DVC: `dvc repro`, a stage for each step, in a Git repository after `dvc init`
 *
 * Telemetry is off everywhere. Each side fails if a step is run again. The quality is
 * the processor time of the process and its children, which a busy machine changes less
 * than wall time; memory is that of the largest process.
 */

import type { BenchCase, Command, Peer, Suite } from "../suite.ts";

const cached = (name: string, size: number, options: Command["options"] = {}): BenchCase => {
  const command = (project: string): Command => ({
    script: "python/runner.py",
    options: { project, ...options },
  });
  const peer = (project: string, ...packages: string[]): Peer => ({
    command: command(project),
    packages,
  });
  return {
    ...{ name, size },
    ours: command("ours"),
    peers: {
      Kedro: peer("kedrosteps", "kedro", "kedro-datasets"),
      "Hamilton with cache": peer("hamiltonsteps", "apache-hamilton"),
      "DVC repro": peer("dvcsteps", "dvc"),
    },
    quality: "processor s",
  };
};

const suite: Suite = {
  name: "runner",
  description: "A second run with nothing changed, the whole process: `deno run … main.ts`, " +
    "`kedro run --only-missing-outputs`, a Hamilton driver with cache, `dvc repro`; " +
    "rows are steps.",
  requirements: "requirements-runner.txt",
  prepare: [{ script: "sides/runner_project.ts" }, { script: "python/runner_projects.py" }],
  cases: [
    cached("10 cached no-op steps", 10),
    cached("100 cached no-op steps", 100),
    {
      ...cached("100 cached no-op steps: overhead", 100, { above_bare: true }),
      target: { timeRatio: 10 },
      rounds: 3,
    },
  ],
};

export default suite;
