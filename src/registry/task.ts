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

/** What a model predicts. */
export type ModelTask = BinaryTask | MulticlassTask | RegressionTask;

const knownTask = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("binary"), classes: z.array(z.string()), positive: z.string() }),
  z.object({ kind: z.literal("multiclass"), classes: z.array(z.string()) }),
  z.object({ kind: z.literal("regression"), column: z.string() }),
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
