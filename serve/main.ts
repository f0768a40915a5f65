/** `deno task serve`: the only file that listens. */

import { quietOnnxRuntime, UsageError, UserError } from "../src/base/mod.ts";
import { checkServerPermissions } from "./config/permissions.ts";
import type { Config } from "./config/schema.ts";
import { readServerConfig } from "./config/read.ts";
import { followSecrets } from "./config/secret_sources.ts";
import { helpText } from "./config/text.ts";
import { LineBuffer } from "./observe/line_buffer.ts";
import { openObserver } from "./observe/open_observer.ts";
import { serve } from "./serve.ts";

const log = new LineBuffer(Deno.stderr);
addEventListener("unload", () => log.flush());
quietOnnxRuntime();

try {
  const sources = {
    args: Deno.args,
    env: (name: string) => Deno.env.get(name),
    readFile: (path: string) => Deno.readTextFileSync(path),
  };
  const read = async () => readServerConfig(await followSecrets(sources));
  // Whoever asks for help needs no secrets.
  const config = Deno.args.some((arg) => /^(-h|--help)$/.test(arg))
    ? readServerConfig(sources)
    : await read();
  if (config === "help") new LineBuffer(Deno.stdout).write(helpText(), true);
  else {
    checkServerPermissions(config);
    await serve(
      config,
      openObserver(config, { write: (line, urgent) => log.write(line, urgent) }),
      async () => await read() as Config,
    );
    Deno.exit(); // connections of callers that never end a request would keep it
  }
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  log.write(`error: ${error.message}\n${error.next ? `next: ${error.next}\n` : ""}`, true);
  Deno.exit(error instanceof UsageError ? 2 : 1); // threads of its own would keep it
}
