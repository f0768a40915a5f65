/** References of an answer to what was found: there, and real. */

/** Marks such as `[2]`, `[1, 3]`; of results of tools `[T1]`. */
const marks = /\[((?:T?\d{1,3})(?:\s*[,;]\s*T?\d{1,3})*)\]/g;

/** A reference: to a passage, or to the result of a tool, each counted from 1. */
export interface Citation {
  /** What it refers to. */
  readonly kind: "passage" | "result";
  /** Its number, from 1. */
  readonly number: number;
}

/**
 * The references in a text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(citationsIn("So it is [2, T1].").map(({ number }) => number), [2, 1]);
 * ```
 */
export function citationsIn(text: string): Citation[] {
  return [...text.matchAll(marks)].flatMap(([, inside]) =>
    inside.split(/[,;]/).map((part): Citation => {
      const mark = part.trim();
      const result = mark.startsWith("T");
      return { kind: result ? "result" : "passage", number: Number(result ? mark.slice(1) : mark) };
    })
  );
}

/** A text without its references. */
export function withoutCitations(text: string): string {
  return text.replaceAll(marks, "");
}

/** The references to what is not there. */
export function falseCitations(
  text: string,
  there: { readonly passages: number; readonly results: number },
): Citation[] {
  return citationsIn(text).filter(({ kind, number }) =>
    number < 1 || number > (kind === "passage" ? there.passages : there.results)
  );
}
