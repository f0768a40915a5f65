/** Small samples for tests. */

import type { CategorySample, NumberSample, Random } from "../../src/drift/mod.ts";

/** A column of categories; null is missing. */
export function categoriesOf(values: readonly (string | null)[]): CategorySample {
  const places = new Map<string, number>();
  const codes = Int32Array.from(values, (value) => {
    if (value === null) return -1;
    if (!places.has(value)) places.set(value, places.size);
    return places.get(value)!;
  });
  return { kind: "category", codes, vocabulary: [...places.keys()] };
}

/** A column of numbers. */
export function numbersOf(values: Iterable<number>): NumberSample {
  return { kind: "number", values: Float64Array.from(values) };
}

/** Normally distributed numbers. */
export function normals(random: Random, rows: number, mean = 0): NumberSample {
  return numbersOf(Array.from({ length: rows }, () => random.normal(mean)));
}
