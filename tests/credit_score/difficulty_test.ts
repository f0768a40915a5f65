import { assert } from "@std/assert";
import { join } from "@std/path";
import { creditFeatures } from "../../pipelines/credit_score/columns.ts";
import { generateTable } from "../../pipelines/credit_score/generate.ts";
import { clean, fillWithinGroup, fit, transform } from "../../src/features/mod.ts";

const python = ".venv/bin/python";

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

Deno.test({
  name: "scikit-learn's forest finds the generated data as hard as the public one (needs .venv)",
  ignore: !await exists(python),
  async fn() {
    const table = generateTable({ customers: 1000, seed: 42 });
    const data = fillWithinGroup(clean(creditFeatures, table, { target: "required" }));
    const folder = await Deno.makeTempDir();
    const write = (name: string, { buffer }: { buffer: ArrayBufferLike }) =>
      Deno.writeFile(join(folder, name), new Uint8Array(buffer).slice());
    let scores: { random: number; grouped: number };
    try {
      await write("features.f32", transform(fit(creditFeatures, data), data).data);
      await write("labels.i32", data.labels!);
      await write("groups.i32", data.groups!);
      const { success, stdout, stderr } = await new Deno.Command(python, {
        args: ["tests/python/data_difficulty.py", folder],
      }).output();
      assert(success, new TextDecoder().decode(stderr));
      scores = JSON.parse(new TextDecoder().decode(stdout));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
    // At 20,000 rows: 0.785 and 0.694 with 100 trees and five folds. Fewer rows,
    // trees and folds cost a point or two.
    const told = JSON.stringify(scores);
    assert(scores.random > 0.74 && scores.random < 0.82, told);
    const gap = scores.random - scores.grouped;
    assert(gap > 0.03 && gap < 0.12, told);
  },
});
