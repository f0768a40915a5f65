/** Opening what runs are read from, by its address. */

import { fromFileUrl, UsageError } from "../base/mod.ts";
import { FolderReader } from "./folder_reader.ts";
import { HttpClient } from "./http_client.ts";
import { RestReader } from "./rest_reader.ts";
import type { RunReader } from "./run_reader.ts";
import { connectionSettings, type Environment } from "./settings.ts";

/**
 * Opens the server or the folder at `uri`, `./mlruns` if it is empty.
 *
 * @throws {UsageError} if it is another kind of store.
 */
export function openReader(
  uri: string,
  env: Environment = (name) => Deno.env.get(name),
): RunReader {
  const given = uri.trim();
  if (/^https?:/i.test(given) && URL.canParse(given)) {
    const settings = connectionSettings(given, env, { maxRetries: 1, timeoutMs: 30_000 });
    return new RestReader(new HttpClient(settings));
  }
  if (/^file:/i.test(given)) return new FolderReader(fromFileUrl(new URL(given)));
  if (/^[a-z][\w+]+:/i.test(given)) {
    throw new UsageError(`Cannot read runs from ${given.replace(/\/\/[^/@]*@/, "//")}`, {
      next: "name the http(s) address of a server or a folder; a data base is read through " +
        "mlflow server",
    });
  }
  return new FolderReader(given === "" ? "mlruns" : given);
}
