/** What encodings that read the target learn from. */

import type { CleanData } from "./clean_data.ts";
import type { Target } from "./target.ts";

/** The target of all rows, with the groups that belong together. */
export type FitTarget =
  & ({
    readonly kind: "classes";
    /** Class of each row, shape [rows]. */
    readonly labels: Int32Array;
    readonly classes: readonly string[];
  } | {
    readonly kind: "values";
    /** Number to predict of each row, shape [rows]. */
    readonly values: Float64Array;
  })
  & {
    /** Group of each row, shape [rows]; absent if every row stands alone. */
    readonly groups?: Int32Array;
  };

/** The target of cleaned data; undefined if it was cleaned without one. */
export function fitTarget(
  { target }: { readonly target: Target },
  data: CleanData,
): FitTarget | undefined {
  const { labels, values, groups } = data;
  const own = groups && { groups };
  if (values !== undefined) return { kind: "values", values, ...own };
  if (labels === undefined || !("classes" in target)) return undefined;
  return { kind: "classes", labels, classes: target.classes, ...own };
}
