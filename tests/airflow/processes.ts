/** Servers of a test: started with their output in files, ended with all that they started. */

import { join } from "@std/path";

/** A process and what comes from it. */
export class Server {
  readonly #child: Deno.ChildProcess;
  #ended = false;

  private constructor(readonly name: string, readonly log: string, child: Deno.ChildProcess) {
    this.#child = child;
    void child.status.then(() => this.#ended = true);
  }

  /** Starts a program; what it prints goes to a file in `folder`. */
  static start(
    name: string,
    folder: string,
    [program, ...args]: readonly string[],
    env: Readonly<Record<string, string>> = {},
    cwd = folder,
  ): Server {
    const log = join(folder, `${name}.log`);
    const child = new Deno.Command("bash", {
      args: ["-c", 'exec "$@" >> "$0" 2>&1', log, program, ...args],
      ...{ env, cwd, stdin: "null" },
    }).spawn();
    return new Server(name, log, child);
  }

  /** Its process. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Whether it has ended. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The last lines that it printed. */
  async told(lines = 40): Promise<string> {
    const text = await Deno.readTextFile(this.log).catch(() => "");
    return text.split("\n").slice(-lines).join("\n");
  }

  /** Ends it as a lost machine does: at once, with all that it started. */
  async kill(): Promise<void> {
    for (const pid of [...await descendants(this.pid), this.pid]) signal(pid, "SIGKILL");
    await this.#child.status;
  }

  /** Asks it to end, and ends it after a while. */
  async stop(seconds = 20): Promise<void> {
    const started = await descendants(this.pid);
    signal(this.pid, "SIGTERM");
    const late = setTimeout(() => void this.kill(), 1000 * seconds);
    await this.#child.status;
    clearTimeout(late);
    for (const pid of started) signal(pid, "SIGKILL");
  }
}

/** All that a process started, by the parents that the system tells; the deepest first. */
async function descendants(pid: number): Promise<number[]> {
  const { stdout } = await new Deno.Command("ps", { args: ["-eo", "pid=,ppid="] }).output();
  const children = new Map<number, number[]>();
  for (const line of new TextDecoder().decode(stdout).trim().split("\n")) {
    const [own, parent] = line.trim().split(/\s+/).map(Number);
    children.set(parent, [...children.get(parent) ?? [], own]);
  }
  const below = (one: number): number[] =>
    (children.get(one) ?? []).flatMap((child) => [...below(child), child]);
  return below(pid);
}

function signal(pid: number, name: Deno.Signal): void {
  try {
    Deno.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || (error as Error).name === "TypeError")) {
      throw error;
    }
  }
}

/** Runs a command to its end; its output. */
export async function must(
  [program, ...args]: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args, env }).output();
  const told = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
  if (!success) throw new Error(`${program} ${args.join(" ")}: ${told.slice(-4000)}`);
  return told;
}
