/** The parts that are the project's own tasks: the server, and the monitor. */

import { addressOf, type StackPlan, type StackService } from "./service.ts";

/** What the project's own parts are told of the others. */
function surroundings(plan: StackPlan): Record<string, string> {
  const { names } = plan;
  return {
    ...names.has("mlflow") && { MLFLOW_TRACKING_URI: addressOf(plan, "mlflow") },
    ...names.has("alertmanager") && { MONITOR_ALERTMANAGER: addressOf(plan, "alertmanager") },
  };
}

/** `deno task serve`. */
export const server: StackService = {
  name: "server",
  about: "predictions, documented at /docs",
  port: "server",
  command(plan) {
    return Promise.resolve({
      program: Deno.execPath(),
      args: ["task", "--quiet", "serve", "--port", String(plan.ports.server)],
      env: surroundings(plan),
      page: `${addressOf(plan, "server")}/docs`,
    });
  },
};

/** `deno task pipeline schedule monitor`. */
export const monitor: StackService = {
  name: "monitor",
  about: "looks at the prediction log for drift and quality",
  command(plan) {
    return Promise.resolve({
      program: Deno.execPath(),
      args: ["task", "--quiet", "pipeline", "schedule", "monitor"],
      env: surroundings(plan),
    });
  },
};
