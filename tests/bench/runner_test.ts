/** Our side of the suite runner, without its peers, which would take minutes to install. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { UserError } from "../../src/base/mod.ts";
import { runSuite } from "../../bench/run.ts";
import suite from "../../bench/suites/runner.ts";
import { python, root } from "../integration/project.ts";

Deno.test({
  name: "bench: the project of the suite runner is measured, and refused once a step runs again" +
    (python === undefined ? " (needs .venv)" : ""),
  ignore: python === undefined,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      // Ours in place of a peer, so that there is a row.
      const cases = suite.cases.slice(0, 1).map((one) => ({
        ...one,
        peers: { ours: { command: one.ours, packages: [] } },
      }));
      const failed: UserError[] = [];
      const measure = () =>
        runSuite(
          { ...suite, prepare: suite.prepare.slice(0, 1), cases },
          { python: python!, versions: {} },
          {
            ...{ root, folder, rounds: 1, date: "2026-01-02", cores: 2 },
            say() {},
            fail: (error) => failed.push(error),
          },
        );
      const [row, ...rest] = await measure();
      assertEquals([rest, failed], [[], []]);
      assertEquals([row.name, row.rows], ["10 cached no-op steps", 10]);
      assert(row.ours_s > 0 && row.ours_quality! > 0);
      if (Deno.build.os === "linux") assert(row.ours_mb! > 1);

      const steps: number[][] = JSON.parse(
        await Deno.readTextFile(`${folder}/10/steps.json`),
      );
      assertEquals(steps.slice(4), [[], [0, 1], [1, 2], [2, 3], [3, 4], [4, 0]]);

      await Deno.remove(`${folder}/10/ours/.dinoflow`, { recursive: true });
      assertEquals(await measure(), []);
      assertStringIncludes(failed[0].message, "20 instead of 10 steps were run");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
