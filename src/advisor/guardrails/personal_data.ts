/** Data that name a person, found and taken out before anything reads, keeps or sends the text. */

import { ibanLength, ibanValid, luhnValid, verhoeffValid } from "./checksums.ts";
import { plainSpelling } from "./plain_spelling.ts";

/** What was found. */
export type PersonalKind = "pan" | "aadhaar" | "card" | "iban" | "email" | "upi" | "phone";

/** A text without personal data. */
export interface Redacted {
  /** The text; what was found stands as its kind, `[PAN]`. The text itself if nothing was. */
  readonly text: string;
  /** What was found, in the order of the text. */
  readonly found: readonly PersonalKind[];
}

interface Rule {
  readonly kind: PersonalKind;
  readonly pattern: RegExp;
  /** Whether what looks so is it; its digits and letters without what stands between them. */
  readonly holds: (compact: string, before: string, after: string) => boolean;
  /** How long it is, where what follows may look as if it belonged to it. */
  readonly length?: (compact: string) => number | undefined;
}

const gap = String.raw`[ .\-/]{0,2}`;
const digits = (least: number, most: number) =>
  String.raw`\d(?:${gap}\d){${least - 1},${most - 1}}`;
const alone = (inside: string) =>
  new RegExp(String.raw`(?<![\p{L}\d])${inside}(?![\p{L}\d])`, "giu");

/** A number beside one of these is an amount. */
const [moneyBefore, moneyAfter] = [
  /(?:₹|rs\.?|inr|rupees|usd|eur|gbp|[$€£])\s*$/i,
  /^\s*(?:\/-|rupees?|rs\b|inr|lakhs?|crores?|cr\b|dollars?|euros?|%)/i,
];
const noMoney = (_: string, before: string, after: string) =>
  !moneyBefore.test(before) && !moneyAfter.test(after);

/** The first that holds takes its place in the text. */
const rules: readonly Rule[] = [
  {
    kind: "email",
    pattern:
      /[\p{L}\d._%+-]{1,64}\s?(?:@|\(at\)|\[at\])\s?(?:[\p{L}\d-]{1,63}\s?(?:\.|\(dot\)|\[dot\])\s?){1,4}\p{L}{2,24}/giu,
    holds: () => true,
  },
  // A name at a bank's handle, which has no domain.
  {
    kind: "upi",
    pattern: /(?<![\p{L}\d._-])[\p{L}\d._-]{2,64}@[a-z]{3,20}(?![\p{L}\d.]*\p{L})/giu,
    holds: () => true,
  },
  {
    kind: "iban",
    pattern: alone(String.raw`[A-Z]{2}[ \-]?\d{2}(?:[ \-]?[A-Z\d]){11,28}`),
    holds: (compact) => ibanValid(compact.toUpperCase()),
    length: (compact) => ibanLength(compact.toUpperCase()),
  },
  // The fourth letter says what kind of person it is.
  {
    kind: "pan",
    pattern: alone(String.raw`[A-Z]{3}[ABCFGHJKLPTE][A-Z]${gap}\d{4}${gap}[A-Z]`),
    holds: () => true,
  },
  {
    kind: "card",
    pattern: alone(digits(13, 19)),
    holds: (compact) => /^[2-6]/.test(compact) && luhnValid(compact),
  },
  {
    kind: "aadhaar",
    // A virtual id has 16 digits of the same scheme.
    pattern: alone(String.raw`(?:${digits(12, 12)}|${digits(16, 16)})`),
    holds: (compact, before, after) =>
      /^[2-9]/.test(compact) && noMoney(compact, before, after) &&
      // One with a slip of the pen is one nonetheless where it is called so.
      (verhoeffValid(compact) || /(?:aadhaar|aadhar|uidai?|आधार)\D{0,30}$/i.test(before)),
  },
  {
    kind: "phone",
    pattern: alone(String.raw`(?:\+|00)[1-9]${gap}(?:\(\d{1,4}\)${gap})?\d(?:${gap}\d){6,13}`),
    holds: () => true,
  },
  {
    kind: "phone",
    pattern: alone(
      String
        .raw`(?:91[ \-]|0[ \-]?)?[6-9]\d{4}[ \-]?\d{5}|(?:91[ \-]|0)?[6-9]\d{2}[ \-]\d{3}[ \-]\d{4}`,
    ),
    holds: noMoney,
  },
];

/** The beginning of a text with as many letters and digits as it should have. */
function shortened(text: string, length: Rule["length"]): string {
  let left = length?.(text.replaceAll(/[^\p{L}\d]/gu, ""));
  if (left === undefined) return text;
  let end = 0;
  while (end < text.length && left > 0) if (/[\p{L}\d]/u.test(text[end++])) left--;
  return text.slice(0, end);
}

/**
 * Takes PAN, Aadhaar (Verhoeff), cards (Luhn), IBAN (modulo 97), e-mail and UPI addresses and
 * telephone numbers out of a text, however they are spaced.
 *
 * @param keep Texts that may stay, as the address of an office that a source names.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const { text, found } = redactPersonalData("My PAN is ABCPE1234F, call 98765 43210");
 * assertEquals(text, "My PAN is [PAN], call [PHONE]");
 * assertEquals(found, ["pan", "phone"]);
 * ```
 */
export function redactPersonalData(text: string, keep = ""): Redacted {
  // In the plain spelling, or digits of another script would go through.
  const plain = plainSpelling(text);
  const spans: { start: number; end: number; kind: PersonalKind }[] = [];
  for (const { kind, pattern, holds, length } of rules) {
    for (const match of plain.matchAll(pattern)) {
      const found = shortened(match[0], length);
      const [start, end] = [match.index, match.index + found.length];
      if (spans.some((span) => start < span.end && span.start < end)) continue;
      if (keep !== "" && keep.includes(found)) continue;
      const compact = found.replaceAll(/[^\p{L}\d]/gu, "");
      if (holds(compact, plain.slice(Math.max(0, start - 60), start), plain.slice(end, end + 20))) {
        spans.push({ start, end, kind });
      }
    }
  }
  if (spans.length === 0) return { text, found: [] };
  spans.sort((a, b) => a.start - b.start);
  let [redacted, at] = ["", 0];
  for (const { start, end, kind } of spans) {
    redacted += `${plain.slice(at, start)}[${kind.toUpperCase()}]`;
    at = end;
  }
  return { text: redacted + plain.slice(at), found: spans.map(({ kind }) => kind) };
}
