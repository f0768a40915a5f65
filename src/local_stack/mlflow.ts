/** MLflow's server. */

import { join } from "../base/mod.ts";
import { addressOf, type StackService } from "./service.ts";

/** Runs and registered models, in SQLite and a folder. */
export const mlflow: StackService = {
  name: "mlflow",
  about: "runs and registered models",
  port: "mlflow",
  async command(plan) {
    const program = await plan.find(join(plan.root, ".venv/bin/mlflow"), "mlflow");
    if (program === undefined) return "pip install mlflow, in .venv or for all";
    const folder = join(plan.home, "mlflow");
    return {
      program,
      args: [
        ...["server", "--host", "127.0.0.1", "--port", String(plan.ports.mlflow), "--workers", "1"],
        ...["--backend-store-uri", `sqlite:///${join(folder, "mlflow.db")}`],
        ...["--artifacts-destination", join(folder, "artifacts")],
      ],
      files: { [join(folder, "artifacts", ".keep")]: "" },
      page: addressOf(plan, "mlflow"),
    };
  },
};
