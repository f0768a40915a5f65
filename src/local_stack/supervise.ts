/** Runs programs side by side, with their lines in one stream, until told to end. */

import { eachLine, wait } from "../base/mod.ts";
import type { StackCommand } from "./service.ts";

/** Seconds that a program has to end by itself: a server finishes its requests. */
const PATIENCE_SECONDS = 20;

/** Seconds between looks at whether a program is well. */
const PAUSE_SECONDS = 1;

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
 * Runs programs until `signal` is aborted, or none is left. Each begins once those that it needs are
 * well, or none of them lives that is not.
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
  const settled = new Map(programs.map(({ name }) => [name, Promise.withResolvers<void>()]));
  await Promise.all(programs.map(async (supervised) => {
    const { name, program, args, env, needs = [] } = supervised;
    await Promise.all(needs.map((one) => settled.get(one)?.promise));
    if (signal.aborted) return settled.get(name)!.resolve();
    let child: Deno.ChildProcess;
    try {
      const streams = { stdin: "null", stdout: "piped", stderr: "piped" } as const;
      // In a group of its own: Ctrl-C reaches us alone, and each hears one signal of ours.
      const folder = supervised.cwd ?? cwd;
      const options = { args: [...args], env, cwd: folder, ...streams, detached: true };
      child = new Deno.Command(program, options).spawn();
    } catch (error) {
      well = false;
      line(name, (error as Error).message);
      died(name, 127);
      return settled.get(name)!.resolve();
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
    const dies = new AbortController();
    const healthy = untilWell(supervised, cwd, AbortSignal.any([signal, dies.signal]))
      .then((found) => found && line(name, "is well"))
      .finally(() => settled.get(name)!.resolve());
    const code = await ended;
    dies.abort();
    await healthy;
    signal.removeEventListener("abort", onAbort);
    stopped.abort();
    await Promise.all(read);
    if (signal.aborted) return;
    well = false;
    died(name, code);
  }));
  return well;
}

/** Waits until a program is well; whether it is, else it ended. */
async function untilWell(
  { health, env, cwd }: Supervised,
  usual: string,
  signal: AbortSignal,
): Promise<boolean> {
  if (health === undefined) return false;
  const streams = { stdin: "null", stdout: "null", stderr: "null" } as const;
  const options = { args: ["-c", health], env, cwd: cwd ?? usual, ...streams };
  while (!signal.aborted) {
    if ((await new Deno.Command("sh", options).output()).success) return true;
    await wait(PAUSE_SECONDS, signal).catch(() => {});
  }
  return false;
}

function kill(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // it has ended already
  }
}
