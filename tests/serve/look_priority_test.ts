import { assertEquals } from "@std/assert";
import { TrainingProcess } from "../../serve/jobs/training.ts";

Deno.test("serve: a process beside the requests gives way to them as far as it is told", async () => {
  for (const niceness of [0, 10]) {
    // It waits a little: the priority is set once it has begun.
    const script = `import { getPriority } from "node:os";
      await new Promise((resolve) => setTimeout(resolve, 500));
      const own = getPriority();
      if (own !== (${niceness} || getPriority(${Deno.pid}))) throw new Error("it is " + own);`;
    const { status, error } = await new TrainingProcess(
      new Deno.Command(Deno.execPath(), {
        ...{ args: ["eval", script], stdin: "null", stdout: "piped", stderr: "piped" },
      }),
      niceness,
    ).ending;
    assertEquals([status, error], ["succeeded", null]);
  }
});
