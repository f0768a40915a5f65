/** What a feature set is to predict: one of several classes, a value, or spans of a text. */

import { type SpotterName, spotterNames } from "../text/mod.ts";

/** A column that holds one of several classes. */
export interface ClassTarget {
  /** Tells the kinds apart; may be left out. */
  readonly kind?: "classes";
  /** Name of the column. */
  readonly column: string;
  /** The classes, two or more; class `i` becomes the label `i`. */
  readonly classes: readonly string[];
  /** Of two classes the one that is looked for; the second if it is left out. */
  readonly positive?: string;
}

/** A column that holds a number. */
export interface ValueTarget {
  /** Tells the kinds apart. */
  readonly kind: "value";
  /** Name of the column. */
  readonly column: string;
  /** Smallest value that can be meant. */
  readonly min?: number;
  /** Largest value that can be meant. */
  readonly max?: number;
}

/** A column that tells where in a text something stands. */
export interface SpanTarget {
  /** Tells the kinds apart. */
  readonly kind: "spans";
  /** Name of the column. */
  readonly column: string;
  /** What spans may be, one or more. */
  readonly labels: readonly string[];
  /** Which rule tells what a span of a label is worth, as an amount of money. */
  readonly values?: Readonly<Record<string, SpotterName>>;
}

/** A column to predict. */
export type Target = ClassTarget | ValueTarget | SpanTarget;

/**
 * A target that is one of several classes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(classes("default", ["0", "1"], { positive: "1" }).classes.length, 2);
 * ```
 */
export function classes(
  column: string,
  names: readonly string[],
  options: Pick<ClassTarget, "positive"> = {},
): ClassTarget {
  return { kind: "classes", column, classes: names, ...options };
}

/**
 * A target that is a number. A value outside its range is refused, not left out:
 * it would be learned as a truth.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(value("quality", { min: 0, max: 10 }).max, 10);
 * ```
 */
export function value(
  column: string,
  range: Pick<ValueTarget, "min" | "max"> = {},
): ValueTarget {
  return { kind: "value", column, ...range };
}

/**
 * A target that is spans of a text: each cell is a list, as JSON, of
 * `{"start": 5, "end": 9, "label": "MONEY"}`, counted in code points as Python does, `end` not
 * included; `[]` where there are none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(spans("entities", ["MONEY"], { values: { MONEY: "money" } }).labels, ["MONEY"]);
 * ```
 */
export function spans(
  column: string,
  labels: readonly string[],
  options: Pick<SpanTarget, "values"> = {},
): SpanTarget {
  return { kind: "spans", column, labels, ...options };
}

/** Whether a target is one of several classes. */
export function isClassTarget(target: Target): target is ClassTarget {
  return target.kind === undefined || target.kind === "classes";
}

/** Whether a target is a number. */
export function isValueTarget(target: Target): target is ValueTarget {
  return target.kind === "value";
}

/** Whether a target is spans of a text. */
export function isSpanTarget(target: Target): target is SpanTarget {
  return target.kind === "spans";
}

/** What is wrong with the declaration of a target, undefined if nothing is. */
export function targetFault(target: Target): string | undefined {
  if (isSpanTarget(target)) {
    const { column, labels, values = {} } = target;
    if (labels.length === 0 || new Set(labels).size < labels.length) {
      return `labels [${
        labels.join(", ")
      }] of target "${column}" must be one or more, all different`;
    }
    const stray = Object.keys(values).find((label) => !labels.includes(label));
    if (stray !== undefined) return `values name "${stray}", which is none of the labels`;
    const rule = Object.values(values).find((name) => !spotterNames.includes(name));
    return rule === undefined ? undefined : `no rule reads values as "${rule}"`;
  }
  if (isValueTarget(target)) {
    const { column, min = -Infinity, max = Infinity } = target;
    return min < max ? undefined : `range of target "${column}" is empty: ${min} to ${max}`;
  }
  const { classes, positive } = target;
  if (new Set(classes).size < Math.max(2, classes.length)) {
    return `classes [${classes.join(", ")}] must be two or more, all different`;
  }
  if (positive === undefined) return undefined;
  if (classes.length !== 2) {
    return `only one of two classes can be positive, not of ${classes.length}`;
  }
  if (classes.includes(positive)) return undefined;
  return `positive "${positive}" is not one of the classes ${classes.join(", ")}`;
}
