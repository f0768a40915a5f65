/**
 * Ends a kernel with all that it has started, and removes its folder, once the process that
 * uses it closes this one's input or is gone. It is a process of its own, as a kernel asks
 * nobody by itself, and what runs a notebook may not be permitted to end other processes.
 */

const [pid, folder] = Deno.args;
const windows = Deno.build.os === "windows";
const signals: Deno.Signal[] = windows ? ["SIGINT"] : ["SIGINT", "SIGTERM", "SIGHUP"];
for (const signal of signals) Deno.addSignalListener(signal, () => {}); // meant for the kernel's user
await Deno.stdin.readable.pipeTo(new WritableStream());
try {
  Deno.kill(windows ? Number(pid) : -Number(pid), "SIGKILL");
} catch (error) {
  if (!(error instanceof Deno.errors.NotFound)) throw error; // it has ended by itself
}
await Deno.remove(folder, { recursive: true });
