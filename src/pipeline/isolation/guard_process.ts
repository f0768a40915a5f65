/**
 * Ends a step's process if the run that started it is gone without a word: a step
 * that never yields cannot notice it by itself. The run keeps this process's input open;
 * it writes the step's process id, and "over" before it closes it.
 */

Deno.addSignalListener("SIGINT", () => {}); // Ctrl-C reaches all; the run says when it is over
const [pid, over] = (await new Response(Deno.stdin.readable).text()).split(" ");
if (pid !== "" && over !== "over") {
  try {
    Deno.kill(Number(pid), "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error; // it has ended by itself
  }
}
