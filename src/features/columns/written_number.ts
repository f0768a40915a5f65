/** Numbers as people write them: with dirt, thousands, a decimal comma, currency, percent. */

/** What stands before the decimals. */
export type Decimal = "." | ",";

const plainNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

const written: Record<Decimal, RegExp> = { ".": pattern("\\.", ","), ",": pattern(",", ".") };

/** Groups of three digits share one separator, so that "1,234.567,8" is no number. */
function pattern(decimal: string, thousands: string): RegExp {
  const grouped = `\\d{1,3}(?<mark>[${thousands}\\s'’])\\d{3}(?:\\k<mark>\\d{3})*`;
  const digits = `(?:(?:${grouped}|\\d+)(?:${decimal}\\d*)?|${decimal}\\d+)(?:[eE][+-]?\\d+)?`;
  return new RegExp(
    `^(?<sign>[+-]?)\\s*(?<before>\\p{Sc}?)\\s*(?<digits>[+-]?${digits})\\s*(?<after>\\p{Sc}|%|)$`,
    "u",
  );
}

/**
 * The number that `text` holds, NaN if it holds none. Underscores and
 * surrounding blanks do not count.
 *
 * @param decimal Where it is given, the text may also have groups of three
 * digits (by the other sign, a blank or an apostrophe), one currency sign or a
 * percent sign; 5 % is the number 5.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(["28_", "__10000__", "-500", "_", "0x1F"].map((text) => parseNumber(text)), [28, 10000, -500, NaN, NaN]);
 * assertEquals(["27,5", "1.234,50 €", "5 %"].map((text) => parseNumber(text, ",")), [27.5, 1234.5, 5]);
 * ```
 */
export function parseNumber(text: string, decimal?: Decimal): number {
  const bare = text.includes("_") ? text.replaceAll("_", "").trim() : text.trim();
  if (decimal === undefined) return plainNumber.test(bare) ? Number(bare) : NaN;
  return read(bare, decimal)?.value ?? NaN;
}

interface Read {
  readonly value: number;
  /** Currency or percent sign, "" for none. */
  readonly unit: string;
}

function read(bare: string, decimal: Decimal): Read | undefined {
  const found = written[decimal].exec(bare)?.groups;
  if (found === undefined) return undefined;
  const { sign, before, digits, after } = found;
  // Two signs, or two units, are no number.
  if (sign !== "" && /^[+-]/.test(digits) || before !== "" && after !== "") return undefined;
  const plain = decimal === "."
    ? digits.replace(/[,\s'’]/g, "")
    : digits.replace(/[.\s'’]/g, "").replace(",", ".");
  return { value: Number(sign + plain), unit: before + after };
}

/**
 * How the numbers of a column are written, where plain reading does not do: the
 * one decimal sign by which every text that holds a digit is a number.
 *
 * @param texts The distinct texts of the column that are not missing.
 * @returns undefined if there is none; where both signs do and give other
 * numbers, as for "1,234" alone; or where units differ.
 */
export function decimalOf(texts: Iterable<string>): Decimal | undefined {
  const held = [...texts].map((text) => text.replaceAll("_", "").trim())
    .filter((text) => /\d/.test(text));
  const [dot, comma] = ([".", ","] as const).map((decimal) => readAll(held, decimal));
  if (dot === undefined) return comma && ",";
  if (comma === undefined) return ".";
  return dot.every((value, i) => value === comma[i]) ? "." : undefined;
}

function readAll(texts: readonly string[], decimal: Decimal): number[] | undefined {
  const values: number[] = [];
  let currency = "";
  let percents = 0;
  for (const text of texts) {
    const found = read(text, decimal);
    if (found === undefined) return undefined;
    values.push(found.value);
    if (found.unit === "%") percents++;
    else if (found.unit !== "") {
      if (currency !== "" && currency !== found.unit) return undefined;
      currency = found.unit;
    }
  }
  return percents === 0 || percents === texts.length ? values : undefined;
}
