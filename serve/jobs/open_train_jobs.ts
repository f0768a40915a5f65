/** Trainings by the project's own train pipeline. */

import { fromFileUrl } from "@std/path";
import config from "../../deno.json" with { type: "json" };
import { secrets, variableOf } from "../config/schema.ts";
import type { Observation } from "../observe/open_observer.ts";
import { TrainJobs } from "./train_jobs.ts";

/** Runs the train pipeline as `deno task pipeline train` does, told by the log and the metrics. */
export function openTrainJobs({ observer, metrics }: Observation): TrainJobs {
  return new TrainJobs({
    folder: fromFileUrl(new URL("../..", import.meta.url)),
    command: [...config.tasks.pipeline.command.split(" "), "train"],
    hide: [...secrets].flatMap((name) => [variableOf(name), `${variableOf(name)}_FILE`]),
    onEnded({ id, status, error }) {
      metrics.trainJobs.of(status).value++;
      observer.log(status === "failed" ? "error" : "info", "training ended", { id, status, error });
    },
  });
}
