/** The text of the test of a pipeline that trains on somebody's data. */

import type { DataLook } from "./data_look.ts";
import type { TextPlace } from "./pipeline_text.ts";

/** Writes the test; `file` is how it imports the pipeline. */
export function testText(
  { task }: DataLook,
  { name, room, file }: TextPlace & { readonly file: string },
): string {
  const kind = task.kind === "value"
    ? "regression"
    : task.positive === undefined
    ? "multiclass"
    : "binary";
  return `import { assert, assertEquals } from "@std/assert";
import { runPipeline } from "${room("pipeline")}";
import { latestBundle } from "${room("registry")}";
import declared, { features } from "${file}";

Deno.test("${name}: a small training gives a model that knows its columns", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const models = \`\${folder}/models\`;
    const tracking = \`\${folder}/mlruns\`;
    const failures: string[] = [];
    const { status } = await runPipeline(declared, {
      params: { models, tracking, reports: folder, folds: 2, trees: 5 },
      onEvent: (event) => {
        if (event.type === "step_finished" && event.error) failures.push(event.error.message);
      },
    });
    assertEquals([status, failures], ["succeeded", []]);
    const { metadata } = await latestBundle(models);
    assertEquals(metadata.task?.kind, "${kind}");
    assertEquals(metadata.input_schema.map(({ name }) => name), Object.keys(features.columns));
    const metrics = Object.entries(metadata.metrics);
    assert(metrics.length > 0 && metrics.every(([, value]) => Number.isFinite(value)));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
`;
}
