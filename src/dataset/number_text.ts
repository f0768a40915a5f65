/** How people and programs write numbers: with points or commas, groups of thousands and blanks. */

/** What stands before the fraction: 1,234.50 has a point, 1.234,50 a comma. */
export type Notation = "point" | "comma";

// Blanks and apostrophes group thousands in both notations.
const GROUP = " '’\u00a0\u202f";
const grammar = (group: string, fraction: string) =>
  new RegExp(
    `^[+-]?(?:[1-9]\\d{0,2}([${group}${GROUP}])\\d{3}(?:\\1\\d{3})*)(?:${fraction}\\d*)?$|` +
      `^[+-]?(?:\\d+(?:${fraction}\\d*)?|${fraction}\\d+)(?:[eE][+-]?\\d+)?$`,
  );
const grammars = { point: grammar(",", "\\."), comma: grammar(".", ",") };
// Tells most texts apart at once.
const start = /^\s*[+\u2212-]?[\d.,i]/i;
const infinite = /^[+-]?inf(?:inity)?$/i;

/**
 * The same number as a program writes it, `1234.50` for `1,234.50`; undefined
 * where `text` is no number in this notation. Blanks around it do not count.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(["1.234,50", " 7 ", "28_"].map((text) => plainNumber(text, "comma")), [
 *   "1234.50",
 *   "7",
 *   undefined,
 * ]);
 * ```
 */
export function plainNumber(text: string, notation: Notation): string | undefined {
  if (!start.test(text)) return undefined;
  const trimmed = text.trim().replace("\u2212", "-");
  if (infinite.test(trimmed)) return trimmed.startsWith("-") ? "-Infinity" : "Infinity";
  if (!grammars[notation].test(trimmed)) return undefined;
  const ungrouped = trimmed.replace(
    notation === "point" ? /[, '’\u00a0\u202f]/g : /[. '’\u00a0\u202f]/g,
    "",
  );
  return notation === "point" ? ungrouped : ungrouped.replace(",", ".");
}

/** The notation that alone makes a number of `text`; undefined if both or none do. */
export function onlyNotation(text: string): Notation | undefined {
  const [point, comma] = [plainNumber(text, "point"), plainNumber(text, "comma")];
  if ((point === undefined) === (comma === undefined)) return undefined;
  return point === undefined ? "comma" : "point";
}

/** Whether both notations make numbers of `text`, and different ones: `1,234`. */
export function isAmbiguous(text: string): boolean {
  const [point, comma] = [plainNumber(text, "point"), plainNumber(text, "comma")];
  return point !== undefined && comma !== undefined && Number(point) !== Number(comma);
}
