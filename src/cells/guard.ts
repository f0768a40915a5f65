/**
 * Runs a task for as long as the kernel lives that asked for it: its standard input
 * ends with the kernel, however that ended, and the task is asked to end too.
 *
 * A program of its own: a kernel that is killed can end nothing any more.
 */

if (import.meta.main) {
  const [name, ...args] = Deno.args;
  const task = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", name, ...args],
    stdin: "null",
  }).spawn();
  let asked = false;
  const end = (signal: Deno.Signal) => {
    if (!asked) task.kill(signal); // a second signal would end it without cleaning up
    asked = true;
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    Deno.addSignalListener(signal, () => end(signal));
  }
  Deno.stdin.readable.pipeTo(new WritableStream()).finally(() => end("SIGTERM"));
  Deno.exit((await task.status).code);
}
