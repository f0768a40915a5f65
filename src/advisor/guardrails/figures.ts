/** Figures in a text, however they are written. */

import { plainSpelling } from "./plain_spelling.ts";

/** A figure. */
export interface WrittenFigure {
  /** As it is written. */
  readonly text: string;
  /** What it comes to; a scale as `lakh` is counted in. */
  readonly value: number;
  /** What one in its last digit comes to. */
  readonly unit: number;
  /** Whether it is a share. */
  readonly percent: boolean;
}

const scales: Readonly<Record<string, number>> = {
  ...{ hundred: 100, k: 1e3, thousand: 1e3, lakh: 1e5, lakhs: 1e5, lac: 1e5, lacs: 1e5 },
  ...{ million: 1e6, millions: 1e6, mn: 1e6, m: 1e6, crore: 1e7, crores: 1e7, cr: 1e7 },
  ...{ billion: 1e9, billions: 1e9, bn: 1e9, l: 1e5 },
};

const small = [
  ...["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
  ...["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"],
];
const words: Readonly<Record<string, number>> = Object.fromEntries([
  ...small.map((word, at) => [word, at + 2] as const),
  ...["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    .map((word, at) => [word, 10 * at + 20] as const),
]);
const tens = Object.keys(words).filter((word) => words[word] >= 20).join("|");
const ones = Object.keys(words).filter((word) => words[word] < 10).concat("one").join("|");

const scale = `(?:${Object.keys(scales).sort((a, b) => b.length - a.length).join("|")})`;
const percent = String.raw`(?:\s?%|\s(?:per ?cent|percent|percentage points?)\b)`;
const written = new RegExp(
  String
    .raw`(?<![\p{L}\d])(?<digits>\d(?:[\d,]*\d)?(?:\.\d+)?)(?:\s?(?<scale>${scale})(?![\p{L}\d]))?` +
    String.raw`(?<ordinal>st|nd|rd|th)?(?<percent>${percent})?(?!\p{L})`,
  "giu",
);
const spelled = new RegExp(
  String
    .raw`\b(?<tens>${tens})(?:[ -](?<ones>${ones}))?(?:\s(?<scale>${scale})\b)?(?<percent>${percent})?` +
    String.raw`|\b(?<word>${
      Object.keys(words).join("|")
    }|one(?=\s(?:${scale}|per ?cent|percent)\b))` +
    String.raw`(?:\s(?<large>${scale})\b)?(?<share>${percent})?(?![\p{L}-])`,
  "giu",
);

/** Digits grown together with letters, as `80C` or `26AS`, name something. */
const codes = /(?<![\p{L}\d])(?:\d+\p{L}+[\p{L}\d]*|\p{L}+\d[\p{L}\d]*)(?![\p{L}\d])/giu;

/** What an answer counts of its own, as in `three steps`, and the numbers of its points. */
const counted =
  /\b(?:two|three|four|five|six|seven|eight|nine|ten)\s+(?:main |simple |key |common |other |more |different |basic |small )?(?:steps?|ways?|things?|options?|points?|parts?|kinds?|reasons?|questions?|sources?|rules?|ideas?|tips?|figures?|answers?|types?|choices)\b/gi;
const enumerated = /(?:^|\n)\s*(?:[-*•]\s*)?(?:\d{1,2}[.)]|\(\d{1,2}\))(?=\s)/g;

/**
 * The figures of a text: digits in groups of any kind, scales, shares, numbers in words from two on.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const found = figuresIn("₹1,50,000, or 1.5 lakh, at 7.1 % for fifteen years");
 * assertEquals(found.map(({ value }) => value), [150000, 150000, 7.1, 15]);
 * ```
 */
export function figuresIn(text: string): WrittenFigure[] {
  const plain = plainSpelling(text).replaceAll(codes, (code) =>
    // 15k and 2cr are amounts.
    new RegExp(`^\\d+(?:${scale}|st|nd|rd|th)$`, "i").test(code) ? code : " ");
  const figures: (WrittenFigure & { readonly at: number })[] = [];
  for (const { 0: text, groups, index } of plain.matchAll(written)) {
    const factor = scales[groups!.scale?.toLowerCase() ?? ""] ?? 1;
    const digits = groups!.digits.replaceAll(",", "");
    const decimals = digits.split(".")[1]?.length ?? 0;
    figures.push({
      ...{ text: text.trim(), at: index, percent: groups!.percent !== undefined },
      value: rounded(Number(digits) * factor),
      unit: factor / 10 ** decimals,
    });
  }
  for (const { 0: text, groups, index } of plain.matchAll(spelled)) {
    const { tens, ones, scale, percent, word, large, share } = groups!;
    const factor = scales[(scale ?? large)?.toLowerCase() ?? ""] ?? 1;
    const valueOf = (name: string | undefined) =>
      name === undefined ? 0 : name.toLowerCase() === "one" ? 1 : words[name.toLowerCase()];
    const value = word === undefined ? valueOf(tens) + valueOf(ones) : valueOf(word);
    figures.push({
      ...{ text: text.trim(), at: index, percent: (percent ?? share) !== undefined },
      ...{ value: value * factor, unit: factor },
    });
  }
  return figures.sort((a, b) => a.at - b.at).map(({ at: _, ...figure }) => figure);
}

/** Names such as `80C` in a text, in upper case. */
export function codesIn(text: string): string[] {
  return (plainSpelling(text).match(codes) ?? []).map((code) => code.toUpperCase());
}

/** A text without the figures that count its own parts. */
export function withoutCounts(text: string): string {
  return text.replaceAll(enumerated, " ").replaceAll(counted, " ");
}

/** Products of decimals by powers of ten, without what binary fractions add. */
const rounded = (value: number) => Number(value.toPrecision(15));
