/**
 * Ends a run whose npx is gone. The run gives its process id and keeps this process's input open
 * until it is done.
 */

/** Milliseconds between two looks. */
const LOOKS_EVERY = 500;

/** Processes between a run and npx at most: a shell, the task runner, wrappers. */
const MOST = 12;

interface Process {
  readonly pid: number;
  readonly parent: number;
  /** What tells it from a later one with the same id. */
  readonly since: string;
  readonly command: string;
}

/** A process, from where Linux keeps it or as `ps` tells it; undefined if it is gone. */
async function look(pid: number): Promise<Process | undefined> {
  try {
    if (Deno.build.os === "linux") {
      const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const command = Deno.readTextFileSync(`/proc/${pid}/cmdline`).replaceAll("\0", " ");
      return { pid, parent: Number(fields[1]), since: fields[19], command };
    }
    const args = ["-o", "ppid=,lstart=,args=", "-p", String(pid)];
    const { success, stdout } = await new Deno.Command("ps", { args }).output();
    const [, parent, since, command] =
      /^\s*(\d+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)$/m.exec(new TextDecoder().decode(stdout)) ??
        [];
    return success && parent ? { pid, parent: Number(parent), since, command } : undefined;
  } catch {
    return undefined;
  }
}

const isNpx = ({ command }: Process) => /^npm exec\b|\bnpx(-cli\.js)?\b/.test(command);

const run = Number(Deno.args[0]);
for (const signal of ["SIGINT", "SIGHUP"] as const) Deno.addSignalListener(signal, () => {});
const parents: Process[] = [];
for (let at = await look(run); at && parents.length < MOST;) {
  const parent: Process | undefined = await look(at.parent);
  if (parent === undefined || parent.pid <= 1) break;
  parents.push(parent);
  if (isNpx(parent)) break;
  at = parent;
}
const known = parents.findLastIndex(isNpx);
if (known >= 0) {
  let over = false;
  void Deno.stdin.readable.pipeTo(new WritableStream()).finally(() => over = true);
  while (!over) {
    await new Promise((resolve) => setTimeout(resolve, LOOKS_EVERY));
    const now = await Promise.all(parents.slice(0, known + 1).map(({ pid }) => look(pid)));
    if (now.every((process, i) => process?.since === parents[i].since)) continue;
    if (!over) Deno.kill(run, "SIGTERM");
    break;
  }
}
Deno.exit(0);
