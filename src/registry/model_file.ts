/** What the file of a model may hold, beside its metadata. */

/** The kinds of files. */
export const modelFileKinds = ["onnx", "forecast"] as const;

/** What the file of a model holds: an ONNX graph, or series with their methods as JSON. */
export type ModelFileKind = typeof modelFileKinds[number];

/** How the names of files end that stand beside `_metadata.json`. */
const endings: Readonly<Record<ModelFileKind, string>> = {
  onnx: ".onnx",
  forecast: "_forecast.json",
};

/** What the file of a model holds by its metadata; in those of older versions ONNX. */
export function fileKindOf(
  { model_file = "onnx" }: { readonly model_file?: ModelFileKind },
): ModelFileKind {
  return model_file;
}

/**
 * Name of a model's file by what its version's files are called.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(modelFileName("loans_v_20261121_101500", {}), "loans_v_20261121_101500.onnx");
 * ```
 */
export function modelFileName(
  stem: string,
  metadata: { readonly model_file?: ModelFileKind },
): string {
  return stem + endings[fileKindOf(metadata)];
}
