/** Whether each figure of an answer comes from a cited passage or the result of a tool. */

import { citationsIn, withoutCitations } from "./citations.ts";
import { codesIn, figuresIn, withoutCounts, type WrittenFigure } from "./figures.ts";

/** What an answer may take figures from. */
export interface Evidence {
  /** Texts of the passages that were found, as an answer numbers them from 1. */
  readonly passages: readonly string[];
  /** What tools were given and gave, plain data. */
  readonly results: readonly unknown[];
}

/** How much a figure may differ from what it is rounded from, as a share. */
const ROUNDING = 0.01;

/**
 * The figures of a sentence that nothing supports. A figure of a passage stands as it is there: the
 * same amount, a share only as a share. One of a tool may be rounded to its last digit.
 *
 * @param cited Numbers of the passages that the answer cites up to here; those that the sentence
 * cites itself are added.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const evidence = { passages: ["Keep 3 to 6 months of expenses."], results: [{ emi: 10624.7 }] };
 * assertEquals(unsupportedFigures("Keep three months of it [1].", evidence, []), []);
 * assertEquals(unsupportedFigures("Keep 9 months of it [1].", evidence, []), ["9"]);
 * assertEquals(unsupportedFigures("You pay ₹10,625 each month.", evidence, []), []);
 * ```
 */
export function unsupportedFigures(
  sentence: string,
  { passages, results }: Evidence,
  cited: Iterable<number>,
): string[] {
  const own = citationsIn(sentence).flatMap(({ kind, number }) =>
    kind === "passage" ? [number] : []
  );
  const texts = [...new Set([...cited, ...own])].flatMap((number) => passages[number - 1] ?? []);
  const plain = withoutCounts(withoutCitations(sentence));
  const quoted = texts.flatMap(figuresIn);
  const numbers = [...numbersIn(results)];
  const names = new Set([...texts, ...textsIn(results)].flatMap(codesIn));
  const unsupported = figuresIn(plain).filter((figure) =>
    !quoted.some(({ value, percent }) =>
      value === figure.value && (percent === figure.percent || !figure.percent)
    ) && !numbers.some((number) => roundsTo(number, figure))
  ).map(({ text }) => text);
  return [...unsupported, ...codesIn(plain).filter((code) => !names.has(code) && !isAmount(code))];
}

const isAmount = (code: string) => figuresIn(code).length > 0;

function roundsTo(number: number, { value, unit, percent }: WrittenFigure): boolean {
  const near = (number: number) => {
    const size = Math.abs(number);
    return Math.abs(size - value) <= Math.min(unit / 2 + 1e-9, Math.max(size * ROUNDING, 0.005));
  };
  // Probabilities are shares of 1.
  return near(number) || percent && Math.abs(number) <= 1 && near(number * 100);
}

function* numbersIn(value: unknown): Generator<number> {
  if (typeof value === "number") yield value;
  // Exact amounts are decimals in texts.
  else if (typeof value === "string") {
    for (const { value: number } of figuresIn(value)) yield number;
  } else if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) yield* numbersIn(part);
  }
}

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) yield* textsIn(part);
  }
}
