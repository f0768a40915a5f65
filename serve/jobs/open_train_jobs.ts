/** Trainings by the project's own pipelines. */

import { fromFileUrl } from "@std/path";
import config from "../../deno.json" with { type: "json" };
import { secrets, settingVariable } from "../config/schema.ts";
import type { Observation } from "../observe/open_observer.ts";
import { TrainJobs } from "./train_jobs.ts";

/** Where the pipelines are. */
export const projectFolder = fromFileUrl(new URL("../..", import.meta.url));

/** Runs pipelines as `deno task pipeline NAME` does, told by the log and the metrics. */
export function openTrainJobs({ observer, metrics }: Observation): TrainJobs {
  return new TrainJobs({
    folder: projectFolder,
    command: config.tasks.pipeline.command.split(" "),
    hide: [...secrets].flatMap((name) => [settingVariable(name), `${settingVariable(name)}_FILE`]),
    onEnded({ id, status, error }) {
      metrics.trainJobs.of(status).value++;
      observer.log(status === "failed" ? "error" : "info", "training ended", { id, status, error });
    },
  });
}
