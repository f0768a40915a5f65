/** Texts with spans from CoNLL's columns: one token to a line, its tag at the end. */

import { DataError } from "../base/mod.ts";

/** How tags mark spans: in IOB1 a span starts with I unless it touches one of its label. */
export type TagScheme = "IOB1" | "IOB2";

/** A text with its spans, as a row of a table of spans. */
export interface MarkedText {
  /** The tokens with a blank between them. */
  readonly text: string;
  /** Where something stands, in code points. */
  readonly entities: readonly {
    readonly start: number;
    readonly end: number;
    readonly label: string;
  }[];
}

/**
 * Reads sentences, an empty line between them; lines of `-DOCSTART-` are left out.
 *
 * @throws {DataError} with the line, for what is no tag, and in IOB2 for a tag that goes on with a
 * span that is not there.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const [{ text, entities }] = readConll("Asha B-PER\nRao I-PER\npaid O\n");
 * assertEquals(text, "Asha Rao paid");
 * assertEquals(entities, [{ start: 0, end: 8, label: "PER" }]);
 * ```
 */
export function readConll(content: string, scheme: TagScheme = "IOB2"): MarkedText[] {
  const texts: MarkedText[] = [];
  let words: string[] = [];
  let spans: { start: number; end: number; label: string }[] = [];
  let length = 0;
  let before = "O";
  const close = () => {
    if (words.length > 0) texts.push({ text: words.join(" "), entities: spans });
    [words, spans, length, before] = [[], [], 0, "O"];
  };
  content.split(/\r?\n/).forEach((line, at) => {
    const parts = line.trim().split(/\s+/);
    if (line.trim() === "" || parts[0] === "-DOCSTART-") return close();
    const wrong = (found: string, next: string) =>
      new DataError(`Cannot read spans from line ${at + 1}: ${found}`, { next });
    const [word, tag] = [parts[0], parts.at(-1)!];
    const [, kind, label] = /^(?:O|([BI])-(.+))$/.exec(tag) ?? [];
    if (parts.length < 2 || (tag !== "O" && label === undefined)) {
      throw wrong(`"${line.trim()}" ends with no tag`, "end each line with O, B-label or I-label");
    }
    const start = length === 0 ? 0 : length + 1;
    length = start + [...word].length;
    const goesOn = before !== "O" && before.slice(2) === label;
    if (kind === "I" && !goesOn && scheme === "IOB2") {
      throw wrong(
        `${tag} follows ${before}, and goes on with nothing`,
        `write B-${label}, or read the file as IOB1`,
      );
    }
    if (kind === "B" || (kind === "I" && !goesOn)) spans.push({ start, end: length, label });
    else if (kind === "I") spans.at(-1)!.end = length;
    words.push(word);
    before = tag;
  });
  close();
  return texts;
}
