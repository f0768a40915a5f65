/** `deno task airflow export NAME… --out dags/`. */

import { readCommand, UsageError, UserError } from "../base/mod.ts";
import type { Sink } from "../terminal/mod.ts";
import { groupings } from "./dag_spec.ts";
import { exportDags } from "./export_dags.ts";

const helpText = `Runs pipelines on many machines by Apache Airflow (3.3, or 2.11).

  deno task airflow export train --out dags/
  deno task airflow export drift retrain --out dags/ --after train

Writes a JSON file for each pipeline and dinoflow_dags.py, which builds DAGs from them: copy both to
Airflow's folder of DAGs. Steps become tasks, fan-outs mapped tasks; parameters become the form of the
DAG, schedule, retries and timeouts are those of the pipeline. The first task of a run asks what is
kept already and skips it.

  --out FOLDER         where to write (dags)
  --group chain        steps that follow one another as one task (by default), none: each step a
                       task, all: the whole pipeline one task
  --after NAME,NAME    run when these pipelines have run
  --help, -h           this page

Workers need a working copy (DINOFLOW_PROJECT) and the same store (DINOFLOW_STORE).
Exit codes: 0 done, 1 failed, 2 wrong usage.
`;

/** Does what `args` ask for and gives the exit code. */
export async function runAirflowCli(
  args: readonly string[],
  { stdout, stderr, folder }: {
    readonly stdout: Pick<Sink, "write">;
    readonly stderr: Pick<Sink, "write">;
    readonly folder: string;
  },
): Promise<number> {
  try {
    const request = parseAirflowArgs(args);
    if (request === undefined) {
      stdout.write(helpText);
      return 0;
    }
    const { files } = await exportDags({ ...request, folder });
    stdout.write(files.map((file) => `${file}\n`).join(""));
    return 0;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    stderr.write(`error: ${error.message}\n${error.next ? `next: ${error.next}\n` : ""}`);
    return error instanceof UsageError ? 2 : 1;
  }
}

/** Reads the arguments; undefined if the help page is asked for. */
function parseAirflowArgs(args: readonly string[]) {
  const given = readCommand(args, {
    program: "deno task airflow",
    commands: ["export"],
    flags: {},
    valued: { out: ["export"], group: ["export"], after: ["export"] },
  });
  if (given === undefined) return undefined;
  const { names, value } = given;
  if (names.length === 0) {
    throw new UsageError("Cannot tell which pipeline to export", {
      next: "write: deno task airflow export NAME --out dags/",
    });
  }
  const group = groupings.find((one) => one === value.group);
  if (group !== value.group) {
    throw new UsageError(`Cannot group steps by "${value.group}"`, {
      next: `write one of ${groupings.join(", ")}`,
    });
  }
  return {
    names,
    out: value.out ?? "dags",
    ...group && { group },
    after: value.after?.split(",") ?? [],
  };
}
