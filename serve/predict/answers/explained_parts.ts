/** Which parts of an explanation are told of models that score each row once for each class. */

import type { RowExplanation } from "../../../src/onnx_runtime/mod.ts";

/** The class that is asked for, all of them, or the predicted one. */
export function explainedClasses(
  { prediction, classes }: RowExplanation,
  asked: string | undefined,
): readonly string[] {
  return asked === "all" ? Object.keys(classes) : [asked ?? prediction];
}
