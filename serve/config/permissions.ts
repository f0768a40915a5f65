/** Whether the settings ask for folders that Deno lets this process use. */

import { UsageError } from "../../src/base/mod.ts";
import type { Config } from "./schema.ts";

/**
 * Makes sure that models can be read and predictions be logged, before the
 * first request finds out.
 *
 * @throws {UsageError} naming the folder that is out of reach.
 */
export function checkServerPermissions({ modelsFolder, predictionLog, cert, key }: Config): void {
  check("read", modelsFolder, "read models from");
  for (const file of [cert, key]) if (file !== undefined) check("read", file, "read TLS from");
  if (predictionLog !== "") check("write", predictionLog, "log predictions to");
}

function check(name: "read" | "write", path: string, use: string): void {
  if (Deno.permissions.querySync({ name, path }).state === "granted") return;
  const flag = `--allow-${name}`;
  throw new UsageError(`Cannot ${use} ${path}: the process was not given ${flag} for it`, {
    next: `add ${path} to ${flag} of the task "serve" in deno.json, or name one that it lists`,
  });
}
