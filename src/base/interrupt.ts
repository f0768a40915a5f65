/** The wish of a person or a supervisor that this process ends. */

/** Exit code of a process that was interrupted, as shells have it: 128 + SIGINT. */
export const EXIT_INTERRUPTED = 130;

/** One press of Ctrl-C can arrive twice: from the terminal and from `deno task`. */
const SAME_PRESS = 500;

/**
 * A signal that Ctrl-C, SIGTERM and the loss of the terminal (SIGHUP) abort, so that what runs can end in its own way;
 * the second Ctrl-C ends the process at once. For the entry of a command line.
 */
export function interruptSignal(): AbortSignal {
  const interrupt = new AbortController();
  let pressedAt: number | undefined;
  Deno.addSignalListener("SIGINT", () => {
    const now = performance.now();
    if (pressedAt !== undefined && now - pressedAt > SAME_PRESS) Deno.exit(EXIT_INTERRUPTED);
    pressedAt ??= now;
    interrupt.abort(new DOMException("Interrupted", "AbortError"));
  });
  if (Deno.build.os !== "windows") {
    for (const signal of ["SIGTERM", "SIGHUP"] as const) {
      Deno.addSignalListener(signal, () => {
        interrupt.abort(new DOMException("Ended", "AbortError"));
      });
    }
  }
  return interrupt.signal;
}
