/** Columns of which many are alike, declared by a list of names. */

import type { ColumnSpec } from "./columns/kinds.ts";

/**
 * A tag for names with commas between them, over as many lines as it takes;
 * blanks around a name do not count.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(listed`age, income,
 *   years at work`, ["age", "income", "years at work"]);
 * ```
 */
export function listed([names]: TemplateStringsArray): string[] {
  return names.split(",").map((name) => name.trim()).filter((name) => name !== "");
}

/**
 * A tag that gives many columns the same declaration, by their names as
 * {@linkcode listed} reads them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { number } from "./mod.ts";
 * const columns = { ...alike(number({ min: 0 }))`age, income`, rate: number() };
 * assertEquals(Object.keys(columns), ["age", "income", "rate"]);
 * ```
 */
export function alike<Spec extends ColumnSpec>(
  spec: Spec,
): (names: TemplateStringsArray) => Record<string, Spec> {
  return (names) => Object.fromEntries(listed(names).map((name) => [name, spec]));
}
