/** Tasks of the project that run beside the cells, such as a server. */

import { eachLine, UserError } from "../base/mod.ts";
import { projectRoot } from "./project.ts";
import { spawnTask } from "./spawn_task.ts";

/** A task that runs until it is stopped. */
export interface RunningTask extends AsyncDisposable {
  /** The line that it was waited for. */
  readonly line: string;
  /** All lines that it wrote so far, to standard output and standard error. */
  readonly lines: readonly string[];
  /** Asks it to end, as SIGTERM does, and gives its exit code. */
  stop(): Promise<number>;
}

/**
 * Starts `deno task NAME` in the project's folder and waits until it writes a line that
 * `ready` likes. It ends with the kernel, or when it is stopped.
 *
 * @throws {UserError} with its error if it ends before.
 *
 * @example
 * ```ts ignore
 * const server = await startTask("serve", ["--port", "0"], (line) => line.includes("listening"));
 * const { url } = JSON.parse(server.line);
 * await server.stop();
 * ```
 */
export async function startTask(
  name: string,
  args: readonly string[],
  ready: (line: string) => boolean,
): Promise<RunningTask> {
  const child = spawnTask(name, args, await projectRoot());
  let running = true;
  const lines: string[] = [];
  const { promise, resolve } = Promise.withResolvers<string>();
  const reading = [child.stdout, child.stderr].map((stream) =>
    eachLine(stream, (line) => {
      lines.push(line);
      if (ready(line)) resolve(line);
    })
  );
  const status = child.status.finally(() => running = false);
  const ended = Promise.all([status, ...reading]).then(([{ code }]) => code);
  const stop = async () => {
    if (running) child.kill("SIGTERM");
    return await ended;
  };
  const line = await Promise.race([promise, ended]);
  if (typeof line === "number") {
    const words = lines.find((text) => /error|cannot/i.test(text)) ?? lines.at(-1) ?? "no word";
    throw new UserError(`Cannot start ${name}: it ended with exit code ${line}: ${words}`);
  }
  return { line, lines, stop, [Symbol.asyncDispose]: async () => void await stop() };
}
