/**
 * Entry of `deno task notebook`: joins the command line to the process. Ctrl-C and
 * SIGTERM end what runs, its kernel included; the second Ctrl-C ends it at once.
 */

import { streamSink } from "../pipeline/mod.ts";
import { runNotebookCli } from "./cli/cli.ts";

const EXIT_INTERRUPTED = 130;

/** One press of Ctrl-C can arrive twice: from the terminal and from `deno task`. */
const SAME_PRESS = 500;

if (import.meta.main) {
  const interrupt = new AbortController();
  let pressedAt: number | undefined;
  Deno.addSignalListener("SIGINT", () => {
    const now = performance.now();
    if (pressedAt !== undefined && now - pressedAt > SAME_PRESS) Deno.exit(EXIT_INTERRUPTED);
    pressedAt ??= now;
    interrupt.abort(new DOMException("Interrupted", "AbortError"));
  });
  if (Deno.build.os !== "windows") {
    Deno.addSignalListener("SIGTERM", () => {
      interrupt.abort(new DOMException("Ended", "AbortError"));
    });
  }
  const code = await runNotebookCli(Deno.args, {
    root: ".",
    stdout: streamSink(Deno.stdout),
    stderr: streamSink(Deno.stderr),
    signal: interrupt.signal,
  });
  Deno.exit(code);
}
