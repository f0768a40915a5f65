/** Runs a training in a folder of its own. */

import { join } from "@std/path";
import { type Pipeline, runPipeline } from "../../src/pipeline/mod.ts";

/** What came of it. */
export interface Trained {
  readonly status: string;
  readonly exitCode: number | undefined;
  /** Lines and warnings that were told. */
  readonly lines: string;
  /** Messages of steps that failed. */
  readonly error: string;
  readonly folder: string;
  readonly models: string;
  /** Every text below `mlruns`, by its path there. */
  tracked(): Promise<ReadonlyMap<string, string>>;
}

/** Trains on a table, and removes the folder when the check is over. */
export async function runInFolder<P>(
  declared: Pipeline<P>,
  table: string,
  check: (trained: Trained) => Promise<void> | void,
  params: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "training-" });
  try {
    const data = join(folder, "data.csv");
    await Deno.writeTextFile(data, table);
    const [models, tracking] = [join(folder, "models"), join(folder, "mlruns")];
    const lines: string[] = [];
    let error = "";
    const { status, exitCode } = await runPipeline(declared, {
      params: { data, models, reports: folder, folds: 3, tracking, ...params },
      onEvent: (event) => {
        if (event.type === "log" || event.type === "warning") lines.push(event.text);
        if (event.type === "step_finished" && event.error) error += event.error.message;
      },
    });
    const tracked = async () => {
      const found = new Map<string, string>();
      const walk = async (path: string): Promise<void> => {
        for await (const { name, isDirectory } of Deno.readDir(path)) {
          const inner = join(path, name);
          if (isDirectory) await walk(inner);
          else found.set(inner.slice(tracking.length + 1), await Deno.readTextFile(inner));
        }
      };
      await walk(tracking);
      return found;
    };
    await check({ status, exitCode, lines: lines.join("\n"), error, folder, models, tracked });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
