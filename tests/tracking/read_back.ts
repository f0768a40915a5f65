/** Runs as MLflow's Python client reads them. */

import { fromFileUrl } from "@std/path";
import { python } from "./mlflow_server.ts";

const script = fromFileUrl(new URL("../python/read_mlflow.py", import.meta.url));

/** Rows for the models to predict on; `text` names the columns that hold text. */
export interface Rows {
  readonly columns: readonly string[];
  readonly data: readonly (readonly unknown[])[];
  readonly text: readonly string[];
}

/** A run as Python prints it. */
export interface ReadRun {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly startTime: number;
  readonly endTime: number | null;
  readonly params: Record<string, string>;
  readonly tags: Record<string, string>;
  /** Points as [step, timestamp, value]; NaN and infinities as text. */
  readonly metrics: Record<string, [number, number, number | string][]>;
  readonly datasets: {
    name: string;
    digest: string;
    sourceType: string;
    source: string;
    schema: string | null;
    profile: string | null;
    tags: Record<string, string>;
  }[];
  readonly models: { name: string; status: string; params: Record<string, string> }[];
  /** Paths below the run, without those of its model. */
  readonly artifacts: string[];
  /** Names of the files that `runs:/<id>/<model>` lists. */
  readonly modelFiles: string[];
  readonly prediction: {
    columns: string[];
    data: unknown[][];
    inputs: [string, string, boolean][];
    modelRunId: string;
    asRead: string;
    pandas: string;
    graphInputs: string[];
  } | null;
}

/** Reads all runs of each experiment, oldest first. */
export async function readBack(
  uri: string,
  experiments: readonly string[],
  rows?: Rows,
): Promise<ReadRun[][]> {
  const { success, stdout, stderr } = await new Deno.Command(python, {
    args: [script, uri, JSON.stringify(experiments), ...(rows ? [JSON.stringify(rows)] : [])],
    // MLflow 3.0 first looks for a model among the run's files, and for minutes where none is there.
    env: { MLFLOW_TRACKING_URI: "", MLFLOW_HTTP_REQUEST_MAX_RETRIES: "1" },
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}
