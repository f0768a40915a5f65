/** What is to be predicted: classes or a number. */

import { DataError } from "../base/mod.ts";
import { missingTexts } from "../features/mod.ts";
import type { Cell } from "../dataset/mod.ts";
import type { ColumnFacts } from "./column_facts.ts";

/** What is to be predicted. */
export type TargetGuess =
  | {
    readonly kind: "classes";
    /** The classes as they are written, with their rows. */
    readonly classes: readonly (readonly [name: string, rows: number])[];
    /** Those that may be one class in several spellings, in words. */
    readonly spellings: readonly string[];
    /** Of two classes the one with fewer rows. */
    readonly positive?: string;
    /** Whether it could as well be a number. */
    readonly couldBeNumber: boolean;
  }
  | { readonly kind: "value" };

/** Up to so many different whole numbers are classes. */
const FEW_NUMBERS = 10;
/** More texts are no classes. */
const MOST_CLASSES = 50;

/**
 * Decides what a target is.
 *
 * @param cells The target as the file has it.
 * @throws {DataError} if nothing can be learned from it.
 */
export function guessTarget(facts: ColumnFacts, cells: readonly Cell[]): TargetGuess {
  const { name, kind, rows, distinct } = facts;
  const cannot = (what: string, next: string) =>
    new DataError(`Cannot predict column "${name}": ${what}`, { next });
  if (kind === "date" || kind === "text") {
    throw cannot(
      kind === "date" ? "it holds dates" : "it holds sentences",
      "predict a class or a number: compute it from this column in the data, as the days to a date",
    );
  }
  if (facts.missing + facts.unreadable === rows) {
    throw cannot("it has no value", "fill it, or name another column with --target");
  }
  if (distinct === 1) {
    throw cannot("all its values are the same", "add rows of at least one other class");
  }
  if (facts.identifies) throw cannot("it names its row", "name another column with --target");
  if (kind === "number" && distinct > 2 && !(facts.whole && distinct <= FEW_NUMBERS)) {
    if (facts.unreadable > 0) {
      throw cannot(
        `${facts.unreadable} of ${rows} values are no numbers`,
        "correct them in the data, or leave them empty: rows without a value are left out",
      );
    }
    return { kind: "value" };
  }
  const counts = new Map<string, number>();
  for (const cell of cells) {
    const text = cell === null || cell === undefined ? "" : String(cell);
    if (!missingTexts.includes(text)) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const numeric = kind === "number";
  const classes = [...counts].sort(([a], [b]) => numeric ? Number(a) - Number(b) : a < b ? -1 : 1);
  if (classes.length > MOST_CLASSES) {
    throw cannot(
      `it has ${classes.length} classes, at most ${MOST_CLASSES} can be told apart`,
      "write it as a number in the data, or join rare classes",
    );
  }
  const rare = classes.filter(([, count]) => count < 2);
  if (rare.length > 0) {
    throw cannot(
      `only one row is of ${rare.map(([text]) => `"${text}"`).join(", ")}`,
      "add rows of that class, join it with another, or leave its target empty",
    );
  }
  const [[first, few], [second, many]] = classes;
  return {
    kind: "classes",
    classes,
    spellings: numeric ? [] : spellingsOf(classes.map(([text]) => text)),
    ...classes.length === 2 && { positive: few < many ? first : second },
    couldBeNumber: numeric && distinct > 2,
  };
}

/** Texts that differ in case, spaces and dashes alone. */
function spellingsOf(texts: readonly string[]): string[] {
  const plain = (text: string) =>
    text.normalize("NFKC").toLowerCase().replaceAll(/[\s_.,;:'"()-]+/g, "");
  return [...Map.groupBy(texts.filter(plain), plain).values()].filter((own) => own.length > 1)
    .map((own) => `${own.map((text) => `"${text}"`).join(", ")} may be one class`);
}
