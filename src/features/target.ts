/** What a feature set is to predict: one of several classes, or a value. */

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

/** A column to predict. */
export type Target = ClassTarget | ValueTarget;

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

/** Whether a target is one of several classes. */
export function isClassTarget(target: Target): target is ClassTarget {
  return target.kind !== "value";
}

/** What is wrong with the declaration of a target, undefined if nothing is. */
export function targetFault(target: Target): string | undefined {
  if (!isClassTarget(target)) {
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
