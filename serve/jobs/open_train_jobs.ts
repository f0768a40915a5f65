/** Trainings, and looks at the prediction log, by the project's own pipelines. */

import { fromFileUrl, resolve } from "@std/path";
import config from "../../deno.json" with { type: "json" };
import { type Config, secrets, settingVariable } from "../config/schema.ts";
import type { Observation } from "../observe/open_observer.ts";
import { UsageError } from "../../src/base/mod.ts";
import { Looks } from "./looks.ts";
import { retrainBySchedule } from "./scheduled_retraining.ts";
import { TrainJobs } from "./train_jobs.ts";

/** Where the pipelines are. */
export const projectFolder = fromFileUrl(new URL("../..", import.meta.url));

/** The command of a pipeline, before its name. */
const command = config.tasks.pipeline.command.split(" ");
/** The server's own secrets, which no pipeline sees; some write features to the same Redis. */
const hide = [...secrets].filter((name) => name !== "redisUrl").flatMap((name) => [
  settingVariable(name),
  `${settingVariable(name)}_FILE`,
]);

/** Collects early: rows come and go. It costs a twentieth of the time and saves a quarter of the memory. */
const LITTLE_MEMORY = "--v8-flags=--max-semi-space-size=4,--heap-growing-percent=10";

/** Looks at the prediction log as `deno task pipeline monitor` does. */
export function openLooks(
  { predictionLog, modelsFolder, monitorEvery }: Pick<
    Config,
    "predictionLog" | "modelsFolder" | "monitorEvery"
  >,
  { observer }: Pick<Observation, "observer">,
): Looks {
  const params = { log: resolve(predictionLog), models: resolve(modelsFolder), give_way: true };
  const [deno, run, ...rest] = command;
  return new Looks({
    command: [
      ...[deno, run, LITTLE_MEMORY, ...rest, "monitor", "--json"],
      ...Object.entries(params).flatMap(([name, value]) => ["--param", `${name}=${value}`]),
    ],
    ...{ folder: projectFolder, hide },
    everySeconds: predictionLog === "" ? 0 : monitorEvery,
    onFailed: (reason) => observer.log("error", "a look at the prediction log failed", { reason }),
  });
}

/** Judges all models as `deno task pipeline retrain` does, whenever that is due. */
export function retrainWhenDue(
  { retrainSchedule: schedule, predictionLog, modelsFolder }: Pick<
    Config,
    "retrainSchedule" | "predictionLog" | "modelsFolder"
  >,
  { observer }: Pick<Observation, "observer">,
  jobs: TrainJobs,
  signal: AbortSignal,
): Promise<void> {
  if (schedule !== "" && predictionLog === "") {
    throw new UsageError("Cannot retrain by a schedule: there is no prediction log to learn from", {
      next: "give --prediction-log a folder, or leave RETRAIN_SCHEDULE out",
    });
  }
  return retrainBySchedule({
    schedule,
    start: () =>
      jobs.start("retrain", { log: resolve(predictionLog), models: resolve(modelsFolder) }),
    onLeftOut: (reason) => observer.log("warn", "a retraining was left out", { reason }),
  }, signal);
}

/** Runs pipelines as `deno task pipeline NAME` does, told by the log and the metrics. */
export function openTrainJobs({ observer, metrics }: Observation): TrainJobs {
  return new TrainJobs({
    folder: projectFolder,
    ...{ command, hide },
    // Which rows are of one customer is told by digests with this key.
    show: { retrain: ["REDACT_KEY", "REDACT_KEY_FILE"] },
    onEnded({ id, status, error }) {
      metrics.trainJobs.of(status).value++;
      observer.log(status === "failed" ? "error" : "info", "training ended", { id, status, error });
    },
  });
}
