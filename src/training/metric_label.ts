/** Names of metrics as people write them. */

const capitals = new Set(["roc", "auc", "rmse", "mae", "mape", "r2", "mcc", "ks", "f1"]);

/**
 * A metric's name for people.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(["f1_macro", "roc_auc", "log_loss"].map(metricLabel), ["F1 Macro", "ROC AUC", "Log Loss"]);
 * ```
 */
export function metricLabel(name: string): string {
  return name.split("_").map((word) =>
    capitals.has(word) ? word.toUpperCase() : word[0].toUpperCase() + word.slice(1)
  ).join(" ");
}
