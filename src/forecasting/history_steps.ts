/** What is known of entities by now, on its way to where servers read it, as steps of a pipeline. */

import { z } from "zod";
import { type Builder, type Handle, type ParamsSchema, stepFunction } from "../pipeline/mod.ts";
import {
  type AmountsByMonth,
  historyText,
  historyView,
  monthColumn,
  type MonthlyTable,
  monthNumber,
  monthText,
  type SeriesSpec,
  storedHistoryFeature,
} from "../series/mod.ts";
import type { Table } from "../dataset/mod.ts";
import {
  loadStep,
  type MaterialiseParams,
  materialiseParams,
  materialiseTable,
} from "../training/mod.ts";
import type { ForecastDeclaration } from "./declaration.ts";
import { monthsStep } from "./forecast_steps.ts";

/** The parameters of a pipeline that brings histories. */
export interface HistoryParams extends MaterialiseParams {
  /** File of events, or of months. */
  readonly data: string;
  /** Months of each entity that are kept, up to its last. */
  readonly months: number;
}

/** Column of the moment from which on a history was known. */
const KNOWN_AT = "known_at";

/**
 * The parameters of a pipeline that brings histories to the feature store.
 *
 * @param data The default file.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const checked = historyParams("spent.csv").safeParse({});
 * assertEquals(checked.success && checked.data.months, 60);
 * ```
 */
export function historyParams(data: string): ParamsSchema<HistoryParams> {
  return (materialiseParams as unknown as z.ZodObject).extend({
    data: z.string().min(1).default(data).describe("CSV or Parquet file of events, or of months"),
    months: z.int().min(3).max(600).default(60)
      .describe("Months of each entity that are kept, up to its last"),
  }) as unknown as ParamsSchema<HistoryParams>;
}

const historyStep = stepFunction(
  import.meta.url,
  "historyStep",
  (
    { spec, months }: { spec: SeriesSpec; months: number },
    { monthly }: { monthly: MonthlyTable },
  ): Table => historyTable(spec, monthly.table, months),
);

/**
 * A row for each entity: its latest months, as text, known since the last of them ended.
 *
 * @param table As `monthlyTable` gives it.
 * @param months Months that are kept.
 */
export function historyTable(
  { entity, category, amount }: SeriesSpec,
  { rows, columns }: Table,
  months: number,
): Table {
  const byEntity = Map.groupBy(
    Array.from({ length: rows }, (_, row) => row),
    (row) => String(columns[entity][row]),
  );
  const monthOf = (row: number) => monthNumber(String(columns[monthColumn][row]))!;
  const found = [...byEntity].map(([whose, own]) => {
    const last = own.reduce((most, row) => Math.max(most, monthOf(row)), -Infinity);
    const told = new Map<string, Map<number, number>>();
    for (const row of own) {
      if (monthOf(row) <= last - months) continue;
      const what = category === undefined ? "" : String(columns[category][row] ?? "");
      const amounts = told.get(what) ?? new Map<number, number>();
      told.set(what, amounts.set(monthOf(row), Number(columns[amount][row])));
    }
    return { whose, told: told as ReadonlyMap<string, AmountsByMonth>, last };
  });
  return {
    rows: found.length,
    columns: {
      [entity]: found.map(({ whose }) => whose),
      [KNOWN_AT]: found.map(({ last }) => `${monthText(last + 1)}-01T00:00:00Z`),
      [storedHistoryFeature]: found.map(({ told }) => historyText(told)),
    },
  };
}

/**
 * Wires the way of what is known of entities by now to where servers read it: events are checked
 * and added up by month as in the training, and the latest months of each entity are kept.
 *
 * @example
 * ```ts ignore
 * export default pipeline("usage_features", { params: historyParams("data/raw/readings.csv") },
 *   (builder) => void historySteps(builder, { name: "usage", series: usageSeries }));
 * ```
 */
export function historySteps<Params extends HistoryParams>(
  builder: Builder<Params>,
  { name, series: spec, data: { make } = {} }: Pick<
    ForecastDeclaration,
    "name" | "series" | "data"
  >,
): Handle<unknown> {
  const { data, months } = builder.params;
  const path = builder.file("data", data, make && { make });
  const source = builder.step("load", { path }, loadStep({}));
  const monthly = builder.step("validate", { source }, monthsStep({ spec }));
  const table = builder.step("history", { monthly }, historyStep({ spec, months }));
  const view = historyView(name, spec, "step");
  return materialiseTable(builder, { view, columns: { time: KNOWN_AT } }, table);
}
