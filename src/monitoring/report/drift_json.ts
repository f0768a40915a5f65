/** The content of `reports/drift_latest.json`, for schedulers, alerts and dashboards. */

import { z } from "zod";
import { performanceMetrics } from "../../drift/mod.ts";
import { timestampName } from "../../registry/mod.ts";
import { type DriftFindings, notCompared } from "../findings.ts";
import { identifying } from "../sides/side.ts";

const share = z.number().min(0).max(1);
const severity = z.enum(["none", "low", "medium", "high"]);

const column = z.object({
  column: z.string().describe("Name of the column"),
  kind: z.enum(["number", "category", "text", "date"]),
  test: z.string().nullable().describe("Statistic that judged the distribution"),
  score: z.number().nullable().describe("Its value"),
  threshold: z.number().nullable().describe("Where drift begins on the scale of score"),
  p_value: z.number().nullable().describe("Chance of such a difference under no drift"),
  effect: z.number().nullable().describe("Share of the rows that lie differently"),
  drifted: z.boolean().describe("Distribution, missing values or new categories drifted"),
  distribution_drifted: z.boolean(),
  missing_drifted: z.boolean(),
  severity,
  reference_missing: share.describe("Share of missing values in the reference"),
  current_missing: share.describe("Share of missing values in the current data"),
  unseen: z.object({
    share: z.number(),
    count: z.int(),
    categories: z.array(z.string()).max(20),
    p_value: z.number().nullable(),
    drifted: z.boolean(),
  }).nullable().describe("Categories or numbers that the reference does not have"),
  importance: z.number().nullable().describe("Share of the model's importance"),
  note: z.string().nullable().describe("What made it drift, or why it was not tested"),
});

const side = z.object({
  name: z.string().describe("Where the rows came from"),
  rows: z.int(),
  customers: z.int().nullable().describe("Customers that the rows are of, where that is known"),
});

const error = z.object({
  value: z.number().nullable(),
  low: z.number().nullable().describe("Value − 3 standard errors"),
  high: z.number().nullable().describe("Value + 3 standard errors"),
  reference: z.number().nullable().describe("The same on the reference"),
  change: z.enum(["none", "better", "worse"]).describe("Beyond the noise of both sides"),
});

const metric = z.object({
  value: z.number().nullable(),
  low: z.number().nullable().describe("Value − 3 standard errors"),
  high: z.number().nullable().describe("Value + 3 standard errors"),
  alert: z.boolean().describe("Outside of what chunks of held-out training rows span"),
});

/** The schema of the file, version 1; a change that breaks readers raises the version. */
export const driftJson = z.object({
  schema_version: z.literal(1),
  created_at: z.iso.datetime(),
  report: z.string().describe("File name of the page beside this file"),
  preset: z.enum(["calibrated", "evidently"]),
  model: z.string().nullable().describe("<name>_v_<version>, null where files were compared"),
  reference: side,
  current: side.extend({
    from: z.iso.datetime().nullable().describe("Time of the first row, where rows have times"),
    to: z.iso.datetime().nullable().describe("Time of the last row"),
  }),
  drifted: z.boolean().describe("Verdict over all columns"),
  severity,
  drifted_columns: z.int().describe("Number of columns that drifted"),
  drifted_share: share,
  false_discovery_rate: z.number().nullable(),
  columns: z.array(column),
  missing_columns: z.array(z.string()).describe("Columns of the reference alone"),
  new_columns: z.array(z.string()).describe("Columns of the current data alone"),
  identifiers: z.array(z.string()).describe("Columns left out: they name rows"),
  outputs: z.array(column).describe("Target, predicted class and probabilities"),
  duplicates: z.object({ reference: z.int().nullable(), current: z.int().nullable() }),
  estimated: z.record(z.enum(performanceMetrics), metric).nullable()
    .describe("Performance to be expected without labels"),
  realized: z.record(z.enum(performanceMetrics), z.number().nullable()).nullable()
    .describe("Performance on rows whose labels are known"),
  task: z.string().optional().describe("What the model predicts: binary, multiclass, regression"),
  not_compared: z.array(z.object({ column: z.string(), why: z.string() })).optional()
    .describe("Columns whose values were not compared"),
  remarks: z.array(z.string()).optional().describe("What to know about the comparison"),
  multivariate: z.object({
    test: z.string(),
    score: z.number(),
    p_value: z.number(),
    drifted: z.boolean(),
  }).nullable().optional().describe("All columns together, where that was asked for"),
  labelled_rows: z.int().optional().describe("Rows of a regression whose true value is known"),
  errors: z.record(z.string(), error).optional().describe("How far a regression is off, by metric"),
  interval: z.object({
    value: share.describe("Share of the true values within the model's interval"),
    low: share,
    high: share,
    promised: share,
    alert: z.boolean(),
  }).nullable().optional().describe("Whether the interval of a regression holds"),
});

/** The content of the file. */
export type DriftJson = z.output<typeof driftJson>;

/**
 * What was found, without what only a page needs.
 *
 * @param moment When the report was made; it names the page.
 */
export function driftJsonOf(findings: DriftFindings, moment: Date): DriftJson {
  const { reference, current, model, inputs, outputs, quality, remarks } = findings;
  const left = notCompared(findings);
  const times = current.times?.filter(Number.isFinite).toSorted() ?? [];
  const iso = (time: number | undefined) =>
    time === undefined ? null : new Date(time).toISOString();
  const {
    schema_version: _,
    columns,
    reference_rows,
    current_rows,
    reference_groups,
    current_groups,
    ...verdict
  } = inputs;
  return driftJson.parse({
    ...verdict,
    schema_version: 1,
    created_at: moment.toISOString(),
    report: `drift_${timestampName(moment)}.html`,
    model: model?.name ?? null,
    reference: { name: reference.name, rows: reference_rows, customers: reference_groups },
    current: {
      name: current.name,
      rows: current_rows,
      customers: current_groups,
      from: iso(times[0]),
      to: iso(times.at(-1)),
    },
    columns,
    identifiers: left.filter(({ why }) => why === identifying).map(({ column }) => column),
    outputs: outputs?.columns ?? [],
    duplicates: {
      reference: reference.duplicates ?? null,
      current: current.duplicates ?? null,
    },
    not_compared: left,
    remarks,
    ...(model ? { task: model.metadata.task.kind } : {}),
    estimated: null,
    realized: null,
    ...quality?.json,
  });
}
