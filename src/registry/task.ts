/** What a model predicts, as its metadata tell it. */

import { z } from "zod";

/** One of two classes. */
export interface BinaryTask {
  /** Tells the kinds of tasks apart. */
  readonly kind: "binary";
  /** Both classes in the order of their codes. */
  readonly classes: readonly string[];
  /** The class that is looked for, as the one that defaults. */
  readonly positive: string;
}

/** One of several classes. */
export interface MulticlassTask {
  /** Tells the kinds of tasks apart. */
  readonly kind: "multiclass";
  /** The classes in the order of their codes. */
  readonly classes: readonly string[];
}

/** A number. */
export interface RegressionTask {
  /** Tells the kinds of tasks apart. */
  readonly kind: "regression";
  /** Column that held the true values. */
  readonly column: string;
}

/** Spans of a text. */
export interface SpansTask {
  /** Tells the kinds of tasks apart. */
  readonly kind: "spans";
  /** Column that held the true spans. */
  readonly column: string;
  /** What spans may be; label `l` has the tags 2l + 1 and 2l + 2. */
  readonly labels: readonly string[];
  /** Which rule of `src/text/` tells what a span of a label is worth. */
  readonly values?: Readonly<Record<string, string>>;
}

/** How unusual a row is. */
export interface AnomalyTask {
  /** Tells the kinds of tasks apart. */
  readonly kind: "anomaly";
  /** Column that held what reviews found, by which the scores were judged. */
  readonly column: string;
  /** What it holds of rows that were found to be wrong. */
  readonly positive: string;
}

/** How series of entities go on. */
export interface ForecastTask {
  /** Tells the kinds of tasks apart. */
  readonly kind: "forecast";
  /** Column that held the values. */
  readonly column: string;
  /** What lies between two values. */
  readonly step: "month";
  /** Steps ahead that it was judged by. */
  readonly horizon: number;
  /** Shares of values that its intervals are to hold, rising. */
  readonly levels: readonly number[];
}

/** What a model predicts. */
export type ModelTask =
  | BinaryTask
  | MulticlassTask
  | RegressionTask
  | SpansTask
  | AnomalyTask
  | ForecastTask;

/** Whether a model gives a number for each row, and no class. */
export function givesNumber(
  task: ModelTask,
): task is RegressionTask | AnomalyTask | ForecastTask {
  return ["regression", "anomaly", "forecast"].includes(task.kind);
}

const knownTask = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("binary"), classes: z.array(z.string()), positive: z.string() }),
  z.object({ kind: z.literal("multiclass"), classes: z.array(z.string()) }),
  z.object({ kind: z.literal("regression"), column: z.string() }),
  z.object({
    kind: z.literal("spans"),
    column: z.string(),
    labels: z.array(z.string()).min(1),
    values: z.record(z.string(), z.string()).optional(),
  }),
  z.object({ kind: z.literal("anomaly"), column: z.string(), positive: z.string() }),
  z.object({
    kind: z.literal("forecast"),
    column: z.string(),
    step: z.literal("month"),
    horizon: z.int().min(1),
    levels: z.array(z.number().gt(0).lt(1)).min(1),
  }),
]);

/**
 * Checks a task as the metadata hold it. A kind that this version does not know is
 * read as it is: whoever answers for it looks it up by its kind, and says so if it cannot.
 */
export const modelTask: z.ZodType<ModelTask> = z.looseObject({ kind: z.string() }).transform(
  (task, context) => {
    const known = knownTask.options.some(({ shape }) => shape.kind.value === task.kind);
    const parsed = known ? knownTask.safeParse(task) : undefined;
    for (const { path, message } of parsed?.error?.issues ?? []) {
      context.addIssue({ code: "custom", path, message });
    }
    return (parsed?.data ?? task) as ModelTask;
  },
);

/**
 * The task of a model of which only the class labels are known. Of two classes
 * the second is the positive one, as it is in scikit-learn.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const classes = ["no", "yes"];
 * assertEquals(taskOfLabels(classes), { kind: "binary", classes, positive: "yes" });
 * ```
 */
export function taskOfLabels(classes: readonly string[]): ModelTask {
  return classes.length === 2
    ? { kind: "binary", classes, positive: classes[1] }
    : { kind: "multiclass", classes };
}
