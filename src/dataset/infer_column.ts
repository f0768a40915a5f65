/** What a column holds if nobody has declared it: one rule for CSV, Parquet and JSON. */

import { parseMoment } from "./moment.ts";
import { isAmbiguous, type Notation, onlyNotation, plainNumber } from "./number_text.ts";

/** What a column can hold. */
export type InferredKind = "number" | "boolean" | "category" | "text" | "date";

/** A column is of numbers, or dates, if this share of its values can be read as such. */
const READABLE = 0.9;
/** Up to so many whole numbers, and so many other texts, are codes of a category together. */
const FEW_CODES = 20;
/** Distinct texts that are looked at to tell dates and sentences. */
const LOOKED_AT = 1000;
/** Words from which on texts that hardly repeat are sentences, on average. */
const SENTENCE = 3;

/** With a few blanks around. */
const LONGEST_TRUTH = 12;
const truth = /^(?:true|false)$/i;
const notANumber = /^[+-]?nan$/i;

/** Whether a text is one of the spellings of true and false. */
export function isTruth(text: string): boolean {
  return truth.test(text.trim());
}

/** What the values of one column of one source could be; counts leave missing values out. */
export class ColumnEvidence {
  /** Values that are there. */
  given = 0;
  /** Moments that came as such. */
  #dates = 0;
  #truths = 0;
  /** Numbers that came as such, or in the one spelling that every program reads. */
  #numbers = 0;
  #nativeNumbers = 0;
  #zeroOnes = 0;
  #beyondExact = 0;
  #whole = true;
  readonly #few = new Set<number>();
  /** All other texts, with how often each occurs. */
  readonly #texts = new Map<string, number>();
  #notation: Notation | undefined;
  #decided: { readonly texts: number; readonly notation: Notation | undefined } | undefined;

  /** Takes numbers in; NaN is missing. `native` tells that they were no texts. */
  addNumbers(values: ArrayLike<number>, native: boolean): void {
    // Counted apart from the fields, which each value would read and write.
    let [given, zeroOnes, broken, beyondExact] = [0, 0, 0, 0];
    let few = this.#few.size <= FEW_CODES;
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (value !== value) continue;
      given++;
      if (value === 0 || value === 1) zeroOnes++;
      if (!Number.isInteger(value)) broken++;
      else if (!Number.isSafeInteger(value)) beyondExact++;
      if (few) few = this.#few.add(value).size <= FEW_CODES;
    }
    this.given += given;
    this.#numbers += given;
    if (native) this.#nativeNumbers += given;
    this.#zeroOnes += zeroOnes;
    this.#beyondExact += beyondExact;
    if (broken > 0) this.#whole = false;
  }

  /** Takes `count` truth values in. */
  addTruths(count: number): void {
    this.given += count;
    this.#truths += count;
  }

  /** Takes `count` moments in. */
  addDates(count: number): void {
    this.given += count;
    this.#dates += count;
  }

  /** Takes a text in that occurs `count` times. */
  addText(text: string, count = 1): void {
    this.#texts.set(text, (this.#texts.get(text) ?? 0) + count);
    this.given += count;
  }

  /** The notation that the texts decide for; undefined if none needs one alone. */
  get decided(): Notation | undefined {
    if (this.#decided?.texts !== this.#texts.size) {
      this.#decided = { texts: this.#texts.size, notation: this.#decide() };
    }
    return this.#decided.notation;
  }

  #decide(): Notation | undefined {
    let [point, comma] = [0, 0];
    for (const [text, count] of this.#texts) {
      const only = onlyNotation(text);
      if (only === "point") point += count;
      if (only === "comma") comma += count;
    }
    return point === 0 && comma === 0 ? undefined : comma > point ? "comma" : "point";
  }

  /** Whether texts are numbers in both notations, and different ones. */
  get ambiguous(): boolean {
    return this.#texts.keys().some(isAmbiguous);
  }

  /** How the column's numbers are written; what it does not decide itself, `usual` does. */
  notation(usual: Notation): Notation {
    return this.#notation ??= this.decided ?? usual;
  }

  /** What all values could be, with texts read in the given notation. */
  counts(usual: Notation): EvidenceCounts {
    const notation = this.notation(usual);
    const found = {
      given: this.given,
      numbers: this.#numbers,
      nativeNumbers: this.#nativeNumbers,
      truths: this.#truths,
      zeroOnes: this.#zeroOnes,
      beyondExact: this.#beyondExact,
      whole: this.#whole,
      few: new Set(this.#few),
      odd: new Set<string>(),
      respelled: 0,
      dates: this.#dates,
      looked: 0,
      words: 0,
      distinct: this.#texts.size + this.#few.size,
    };
    let [looked, dates, texts] = [0, 0, 0];
    for (const [text, count] of this.#texts) {
      texts += count;
      const plain = plainNumber(text, notation);
      if (plain !== undefined) {
        const value = Number(plain);
        found.numbers += count;
        if (plain !== text) found.respelled += count;
        if (value === 0 || value === 1) found.zeroOnes += count;
        if (!Number.isInteger(value)) found.whole = false;
        else if (!Number.isSafeInteger(value)) found.beyondExact += count;
        if (found.few.size <= FEW_CODES) found.few.add(value);
      } else if (notANumber.test(text)) {
        found.given -= count;
        continue;
      } else if (found.odd.size <= FEW_CODES) {
        found.odd.add(text);
      }
      if (text.length < LONGEST_TRUTH && isTruth(text)) found.truths += count;
      if (looked < LOOKED_AT) {
        looked++;
        found.words += text.trim().split(/\s+/).length;
        if (!Number.isNaN(parseMoment(text))) dates++;
      }
    }
    found.looked = looked;
    found.dates += looked === 0 ? 0 : texts * dates / looked;
    return found;
  }
}

/** What the values of a column could be. */
export interface EvidenceCounts {
  /** Values that are there. */
  readonly given: number;
  /** Values that are numbers, whatever their spelling. */
  readonly numbers: number;
  /** Numbers that came as numbers. */
  readonly nativeNumbers: number;
  /** Truth values, as words or as such. */
  readonly truths: number;
  /** Numbers that are 0 or 1. */
  readonly zeroOnes: number;
  /** Whole numbers beyond 2^53, which Float64 cannot hold exactly. */
  readonly beyondExact: number;
  /** Whether all numbers are whole. */
  readonly whole: boolean;
  /** Different numbers, one more than can be codes at the most. */
  readonly few: ReadonlySet<number>;
  /** Different texts that are no numbers, one more than can be codes at the most. */
  readonly odd: ReadonlySet<string>;
  /** Numbers in another spelling than a program's. */
  readonly respelled: number;
  /** Moments; of texts an estimate from those that were looked at. */
  readonly dates: number;
  /** Different texts that were looked at. */
  readonly looked: number;
  /** Words in them. */
  readonly words: number;
  /** Different values; of numbers one more than can be codes at the most. */
  readonly distinct: number;
}

/** What a column holds, and what reading it so loses. */
export interface InferredColumn {
  /** What it holds. */
  readonly kind: InferredKind;
  /** Whether its numbers are codes: whole, and a category's. */
  readonly codes: boolean;
}

/**
 * Decides what a column holds in some sources, for each of them: the same, so
 * that both sides of a comparison are read alike. Only where nearly all values
 * of one side are numbers, or dates, and nearly none of another's, it has
 * become another column, and each side is read for itself.
 */
export function decideTogether(sides: readonly EvidenceCounts[]): InferredColumn[] {
  const together = decideColumn(sides);
  const filled = sides.filter(({ given }) => given > 0);
  const apart = together.kind !== "boolean" && (["numbers", "dates"] as const).some((what) => {
    const shares = filled.map((side) => side[what] / side.given);
    return Math.max(...shares) >= READABLE && Math.min(...shares) <= 1 - READABLE;
  });
  return sides.map((side) => apart && side.given > 0 ? decideColumn([side]) : together);
}

/**
 * Decides what a column holds in all of its sources together.
 *
 * Numbers are numbers where nine in ten values are; but a few whole numbers
 * beside a few other texts (1, 2, 3, X) are codes of a category, of which none
 * is lost, and so are whole numbers beyond 2^53, which name something. Texts
 * that hardly repeat and have three words or more are sentences.
 */
export function decideColumn(sides: readonly EvidenceCounts[]): InferredColumn {
  const sum = (of: (side: EvidenceCounts) => number) =>
    sides.reduce((total, side) => total + of(side), 0);
  const union = <T>(of: (side: EvidenceCounts) => ReadonlySet<T>) =>
    new Set(sides.flatMap((side) => [...of(side)])).size;
  const given = sum((side) => side.given);
  const numbers = sum((side) => side.numbers);
  const codes = numbers > 0 && sides.every((side) => side.whole);
  const as = (kind: InferredKind) => ({ kind, codes: kind === "category" && (codes || native) });
  const native = sides.some((side) => side.nativeNumbers > 0);
  if (given === 0) return as("category");
  const truths = sum((side) => side.truths);
  if (truths > 0 && truths + sum((side) => side.zeroOnes) === given) return as("boolean");
  if (sum((side) => side.dates) >= READABLE * given) return as("date");
  if (numbers >= READABLE * given && sum((side) => side.beyondExact) < numbers / 2) {
    const few = numbers < given && codes && union((side) => side.few) <= FEW_CODES &&
      union((side) => side.odd) <= FEW_CODES;
    return as(few ? "category" : "number");
  }
  const words = sum((side) => side.words) / sum((side) => side.looked);
  const sentences = sum((side) => side.distinct) > given / 2 && words >= SENTENCE;
  return as(sentences ? "text" : "category");
}

/** What {@link inferColumn} finds out. */
export interface ColumnInference extends InferredColumn {
  /** Values that are there. */
  readonly given: number;
  /** How its numbers are written. */
  readonly notation: Notation;
  /** Values that are there but cannot be read as `kind`: read so, they are missing. */
  readonly unreadable: number;
  /** Numbers in another spelling than a program's: with blanks, grouped, with a comma. */
  readonly respelled: number;
}

/**
 * Finds out what cells hold, as the readers of this room do: texts from CSV,
 * numbers, truth values and moments from Parquet, JSON or a data frame.
 *
 * @param missing Texts that stand for a missing value, beside the empty one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const { kind, unreadable, respelled } = inferColumn(["1.234,50", "0,5", "12,75", null]);
 * assertEquals({ kind, unreadable, respelled }, { kind: "number", unreadable: 0, respelled: 3 });
 * assertEquals(inferColumn(["True", true, "false"]).kind, "boolean");
 * assertEquals(inferColumn([1, "2", 3, "X"]).kind, "category");
 * ```
 */
export function inferColumn(
  cells: Iterable<string | number | bigint | boolean | Date | null | undefined>,
  missing: readonly string[] = [],
): ColumnInference {
  const evidence = new ColumnEvidence();
  for (const cell of cells) {
    if (cell === null || cell === undefined) continue;
    if (typeof cell === "number") evidence.addNumbers([cell], true);
    else if (typeof cell === "bigint") evidence.addNumbers([Number(cell)], true);
    else if (typeof cell === "boolean") evidence.addTruths(1);
    else if (cell instanceof Date) evidence.addDates(1);
    else if (cell.trim() !== "" && !missing.includes(cell)) evidence.addText(cell);
  }
  const counts = evidence.counts("point");
  const inferred = decideColumn([counts]);
  const readable = {
    number: counts.numbers,
    date: Math.round(counts.dates),
    boolean: counts.given,
    category: counts.given,
    text: counts.given,
  }[inferred.kind];
  return {
    ...inferred,
    given: counts.given,
    notation: evidence.notation("point"),
    unreadable: counts.given - readable,
    respelled: inferred.kind === "number" ? counts.respelled : 0,
  };
}
