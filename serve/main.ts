/** `deno task serve`: the only file that listens. */

import { UsageError, UserError } from "../src/base/mod.ts";
import { readConfig } from "./config/read.ts";
import { helpText } from "./config/text.ts";
import { openObserver } from "./observe/open_observer.ts";
import { serve } from "./serve.ts";

const write = (stream: typeof Deno.stdout, text: string) =>
  stream.writeSync(new TextEncoder().encode(text));

try {
  const config = readConfig({
    args: Deno.args,
    env: (name) => Deno.env.get(name),
    readFile: (path) => Deno.readTextFileSync(path),
  });
  if (config === "help") write(Deno.stdout, helpText());
  else {
    const traces = Deno.env.get("OTEL_DENO") === "true";
    await serve(
      config,
      openObserver(config, { write: (line) => write(Deno.stderr, line), traces }),
    );
  }
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  write(Deno.stderr, `error: ${error.message}\n${error.next ? `next: ${error.next}\n` : ""}`);
  Deno.exitCode = error instanceof UsageError ? 2 : 1;
}
