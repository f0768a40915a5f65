/** Runs programs side by side, with their lines in one stream, until told to end. */

import { eachLine, wait } from "../base/mod.ts";
import type { StackCommand } from "./service.ts";

/** Seconds that a program has to end by itself: a server finishes its requests. */
const PATIENCE_SECONDS = 20;

/** A program under a name. */
export interface Supervised extends StackCommand {
  /** Stands before its lines. */
  readonly name: string;
}

/** Who hears of them. */
export interface SupervisorEars {
  /** A line of a program. */
  readonly line: (name: string, text: string) => void;
  /** A program ended though nobody asked it to. */
  readonly died: (name: string, code: number) => void;
}

/**
 * Runs programs until `signal` is aborted, or none is left.
 *
 * @param options Their folder, and seconds that each has to end (20).
 * @returns Whether all of them ran until then.
 */
export async function supervise(
  programs: readonly Supervised[],
  signal: AbortSignal,
  { line, died }: SupervisorEars,
  { cwd, seconds = PATIENCE_SECONDS }: { readonly cwd: string; readonly seconds?: number },
): Promise<boolean> {
  let well = true;
  await Promise.all(programs.map(async ({ name, program, args, env }) => {
    let child: Deno.ChildProcess;
    try {
      const streams = { stdin: "null", stdout: "piped", stderr: "piped" } as const;
      // In a group of its own: Ctrl-C reaches us alone, and each hears one signal of ours.
      const options = { args: [...args], env, cwd, ...streams, detached: true };
      child = new Deno.Command(program, options).spawn();
    } catch (error) {
      well = false;
      line(name, (error as Error).message);
      died(name, 127);
      return;
    }
    const read = [child.stdout, child.stderr].map((stream) =>
      eachLine(stream, (text) => line(name, text))
    );
    const ended = child.status.then(({ code }) => code);
    const stopped = new AbortController();
    const stop = async () => {
      kill(child, "SIGTERM");
      await wait(seconds, stopped.signal).then(() => kill(child, "SIGKILL"), () => {});
    };
    const onAbort = () => void stop();
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    const code = await ended;
    signal.removeEventListener("abort", onAbort);
    stopped.abort();
    await Promise.all(read);
    if (signal.aborted) return;
    well = false;
    died(name, code);
  }));
  return well;
}

function kill(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // it has ended already
  }
}
