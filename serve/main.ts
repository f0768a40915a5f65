/** `deno task serve`: the only file that listens. */

import { UsageError, UserError } from "../src/base/mod.ts";
import type { Observer } from "./contract.ts";
import { readConfig } from "./config/read.ts";
import { helpText } from "./config/text.ts";
import { serve } from "./serve.ts";

const write = (stream: typeof Deno.stdout, text: string) =>
  stream.writeSync(new TextEncoder().encode(text));

const ignore = () => {};
const log: Observer["log"] = (level, message, fields) =>
  void write(
    Deno.stderr,
    JSON.stringify({ time: new Date().toISOString(), level, message, ...fields }) + "\n",
  );
const logOnly: Observer = {
  predicted: ignore,
  httpRequest: ignore,
  inFlight: ignore,
  unpredicted: ignore,
  batch: ignore,
  modelLoaded: (role, { source }) => log("info", "model loaded", { role, source }),
  modelFailed: (role, reference, reason) =>
    log("error", "model not loaded", { role, reference, reason }),
  log,
  close: () => Promise.resolve(),
};

try {
  const config = readConfig({
    args: Deno.args,
    env: (name) => Deno.env.get(name),
    readFile: (path) => Deno.readTextFileSync(path),
  });
  if (config === "help") write(Deno.stdout, helpText());
  else await serve(config, logOnly);
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  write(Deno.stderr, `${error.message}${error.next ? `\n  ${error.next}` : ""}\n`);
  Deno.exitCode = error instanceof UsageError ? 2 : 1;
}
