/** A real Airflow, as far as it is installed: `.venv-airflow`, or the folder that is set. */

import { fromFileUrl, join } from "@std/path";
import config from "../../deno.json" with { type: "json" };
import { exportDags } from "../../src/airflow/mod.ts";
import type { Project } from "../pipeline/project.ts";

const root = fromFileUrl(import.meta.resolve("../.."));

/** Airflow's command; undefined if it is not installed. */
export const airflow: string | undefined = await (async () => {
  const path = join(root, ".venv-airflow/bin/airflow");
  return await Deno.stat(path).then(() => path, () => undefined);
})();

/** What a run of a DAG came to. */
export interface DagRun {
  /** How many instances of each task were carried out. */
  readonly states: Readonly<Record<string, number>>;
  /** All that was told. */
  readonly told: string;
}

/** Exports the pipelines of a project and carries one DAG out, task by task in this process. */
export async function runDag(
  project: Project,
  name: string,
  params: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string>>,
): Promise<DagRun> {
  const home = project.path("airflow");
  const out = project.path("dags");
  await exportDags({ names: [name], folder: project.path("pipelines"), out });
  const [, ...task] = config.tasks.pipeline.command.split(" ").slice(0, -1);
  const main = fromFileUrl(import.meta.resolve("../../src/pipeline_cli/main.ts"));
  const options = {
    cwd: project.folder,
    env: {
      ...env,
      AIRFLOW_HOME: home,
      AIRFLOW__CORE__DAGS_FOLDER: out,
      AIRFLOW__CORE__LOAD_EXAMPLES: "False",
      AIRFLOW__USAGE_DATA_COLLECTION__ENABLED: "False",
      DINOFLOW_PROJECT: project.folder,
      DINOFLOW_COMMAND: [Deno.execPath(), ...task, "--config", join(root, "deno.json"), main].join(
        " ",
      ).replace("--allow-ffi=node_modules", "--allow-ffi"),
    },
  };
  const call = async (...args: string[]) => {
    const { stdout, stderr, success } = await new Deno.Command(airflow!, { args, ...options })
      .output();
    const told = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
    if (!success) throw new Error(`airflow ${args.join(" ")}: ${told.slice(-4000)}`);
    return told;
  };
  await call("db", "migrate");
  await call("dags", "reserialize");
  const told = await call("dags", "test", name, "--conf", JSON.stringify(params));
  const states: Record<string, number> = {};
  for (const [, task] of told.matchAll(/\[DAG TEST\] end task task_id=(\S+)/g)) {
    states[task] = (states[task] ?? 0) + 1;
  }
  return { states, told };
}
