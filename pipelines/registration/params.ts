/** The parameters of the register pipeline. */

import { z } from "zod";
import { UsageError } from "../../src/base/mod.ts";

/** Types, defaults and descriptions, as `--help` shows them. */
export const registerParams = z.object({
  model: z.string().min(1).default("latest")
    .describe("What to register: latest, a name, or a version in the models folder"),
  models: z.string().default("models").describe("Folder of the models"),
  name: z.string().default("")
    .describe("Name in the registry; the model's own where it is not given"),
  alias: z.string().default("").describe("Alias to point at the version, as champion"),
  version: z.string().default("")
    .describe("Version that is registered already, to move the alias to"),
  tracking: z.string().default(() =>
    /* @__FOLLOWED__: as a parameter */ Deno.env.get("MLFLOW_TRACKING_URI") ?? ""
  )
    .describe("MLflow server; MLFLOW_TRACKING_URI where it is not given"),
});

/** The values of the parameters. */
export type RegisterParams = z.output<typeof registerParams>;

/**
 * Refuses what would fail halfway, or what a server could not follow.
 *
 * @throws {UsageError} naming the parameter.
 */
export function checkRequest({ model, name, alias, version }: RegisterParams): void {
  if (/[/:@]/.test(name)) {
    throw new UsageError(`Cannot use the name "${name}": it contains /, : or @`, {
      next: "use letters, digits, - and _, as in name=home-equity",
    });
  }
  if (alias !== "" && (!/^[\w-]+$/.test(alias) || /^(latest|v\d+)$/i.test(alias))) {
    throw new UsageError(`Cannot use the alias "${alias}"`, {
      next: "use letters, digits, - and _, but neither latest nor v1, v2, …, which MLflow keeps " +
        "for itself, as in alias=champion",
    });
  }
  if (version === "") return;
  if (!/^[1-9]\d*$/.test(version)) {
    throw new UsageError(`Cannot use the version "${version}": the registry numbers its versions`, {
      next: "give a number, as in version=3; a model in the models folder is model=…",
    });
  }
  if (alias === "") {
    throw new UsageError(`Cannot move an alias to version ${version}: none is named`, {
      next: "add --param alias=champion",
    });
  }
  if (model !== "latest") {
    throw new UsageError(`Cannot use model=${model} with version=${version}`, {
      next: "give model to register one, or version to move an alias to one that is registered",
    });
  }
  if (name === "") {
    throw new UsageError(`Cannot find version ${version}: no registered model is named`, {
      next: "add its name, as --param name=home-equity",
    });
  }
}
