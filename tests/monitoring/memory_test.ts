/** What a look holds does not grow with the log: ten times the rows, the same state and memory. */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { root } from "../integration/project.ts";

const full = Deno.args.includes("--full");

/** Makes a log of so many rows as the benchmark does, looks at it, and tells what that took. */
async function looked(rows: number) {
  const folder = await Deno.makeTempDir();
  try {
    const run = async (script: string, arg: string) => {
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "-A", "--no-check", `--config=${join(root, "deno.json")}`],
          ...["--v8-flags=--max-semi-space-size=4,--heap-growing-percent=10", script, arg],
        ],
        cwd: root,
      }).output();
      const decoder = new TextDecoder();
      assertEquals(code, 0, decoder.decode(stderr));
      return decoder.decode(stdout);
    };
    await run(
      join(root, "bench", "sides", "monitor_data.ts"),
      JSON.stringify({ folder, rows, threads: 1, seed: 1 }),
    );
    const script = join(folder, "look.ts");
    await Deno.writeTextFile(
      script,
      `await import("${join(root, "bench", "sides", "monitor_look.ts")}");
       console.log(/VmHWM:\\s*(\\d+)/.exec(Deno.readTextFileSync("/proc/self/status"))[1]);`,
    );
    const kibibytes = Number(await run(script, folder));
    const text = await Deno.readTextFile(join(folder, "log", "monitoring", "state.json"));
    const [{ predictions }] = Object.values<{ predictions: number }>(JSON.parse(text).models);
    assertEquals(predictions, rows);
    return { state: text.length, megabytes: kibibytes * 1024 / 1e6 };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name:
    "watch: a look at 10,000,000 rows stays below 200 MB, and keeps no more than one at 100,000 (--full)",
  ignore: !full || Deno.build.os !== "linux",
  fn: async () => {
    const [few, many] = [await looked(100_000), await looked(10_000_000)];
    assert(many.megabytes < 200, `${many.megabytes} MB`);
    assert(many.state < 1.1 * few.state, `${few.state} and ${many.state} characters`);
  },
});
