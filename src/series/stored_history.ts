/** What is known of an entity by now, as one value of a feature store. */

import { DataError, parsedJson } from "../base/mod.ts";
import type { FeatureView } from "../feature_store/mod.ts";
import type { SentMonth } from "./forecaster.ts";
import { monthNumber, monthText } from "./month.ts";
import type { AmountsByMonth } from "./series_history.ts";
import type { SeriesSpec } from "./spec.ts";

/** The feature that holds it, and the field of a request that it is read into. */
export const storedHistoryFeature = "stored_history";

/**
 * The view of what is known of entities by now. Models that are declared with it go on from these
 * months in the place of their training's; of whom nothing is stored, they go on from the latter.
 *
 * @param model Name of the model.
 * @param source Who writes it: a step of a pipeline, or requests to `POST /features/<view>`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const spec = { entity: "user", time: "time", amount: "amount" };
 * const { name, features } = historyView("spending", spec, "step");
 * assertEquals([name, features], ["spending_history", { stored_history: "text" }]);
 * ```
 */
export function historyView(
  model: string,
  { entity }: SeriesSpec,
  source: FeatureView["source"],
): FeatureView {
  return {
    name: `${model.replaceAll("-", "_")}_history`,
    entity: { name: entity, kind: "text" },
    features: { [storedHistoryFeature]: "text" },
    source,
    optional: true,
    description: 'Amounts by category ("" of the total alone) and month, as JSON',
  };
}

/**
 * Months as the text that is stored: JSON of amounts by category and month.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const text = historyText(new Map([["food", new Map([[12 * 2026, 900]])]]));
 * assertEquals(text, '{"food":{"2026-01":900}}');
 * assertEquals(historyOf(text), [{ category: "food", month: 12 * 2026, amount: 900 }]);
 * ```
 */
export function historyText(told: ReadonlyMap<string, AmountsByMonth>): string {
  return JSON.stringify(Object.fromEntries(
    [...told].map(([category, months]) => [
      category,
      Object.fromEntries([...months].map(([month, amount]) => [monthText(month), amount])),
    ]),
  ));
}

/**
 * The months of a text that is stored.
 *
 * @throws {DataError} if it is none.
 */
export function historyOf(text: string): (SentMonth & { readonly category: string })[] {
  const refuse = (found: string): never => {
    throw new DataError(`Cannot read a stored history: ${found}`, {
      next: 'store JSON as {"food":{"2026-01":900}}',
    });
  };
  const told = parsedJson(text);
  if (!isObject(told)) return refuse("it is no JSON of amounts by category and month");
  return Object.entries(told).flatMap(([category, months]) => {
    if (!isObject(months)) return refuse(`"${category}" has no months`);
    return Object.entries(months).map(([written, amount]) => {
      const month = monthNumber(written);
      if (month === undefined) return refuse(`"${written}" is no month`);
      if (typeof amount !== "number" || !Number.isFinite(amount)) {
        return refuse(`${written} of "${category}" has no finite amount`);
      }
      return { category, month, amount };
    });
  });
}

function isObject(found: unknown): found is Readonly<Record<string, unknown>> {
  return typeof found === "object" && found !== null && !Array.isArray(found);
}
