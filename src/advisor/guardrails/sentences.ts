/** Texts by sentences, as they come in pieces cut anywhere. */

/** A sentence ends before a blank or a line's end; `Rs.` and `e.g.` end none. */
const short =
  /(?:\b(?:Rs|No|Nos|vs|etc|e\.g|i\.e|approx|Dr|Mr|Mrs|Ms|Sec|St|Inc|Ltd|Co|p\.a|cf|Art|Fig)|\b\p{Lu}|^\s*\d{1,2})\.$/u;

/** Most characters that are held back for a sentence to end. */
const LONGEST = 2000;

/**
 * Collects pieces of text and gives whole sentences, with the blanks that follow them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const sentences = new Sentences();
 * assertEquals([...sentences.add("It costs Rs. 5")], []);
 * assertEquals([...sentences.add("00 [1]. So pay")], ["It costs Rs. 500 [1]. "]);
 * assertEquals(sentences.rest(), "So pay");
 * ```
 */
export class Sentences {
  #held = "";

  /** Takes a piece and gives the sentences that are whole by it. */
  *add(piece: string): Generator<string> {
    this.#held += piece;
    while (true) {
      const end = endOf(this.#held);
      if (end === undefined) return;
      const sentence = this.#held.slice(0, end);
      this.#held = this.#held.slice(end);
      yield sentence;
    }
  }

  /** What is left once no piece follows. */
  rest(): string {
    const rest = this.#held;
    this.#held = "";
    return rest;
  }
}

/** The sentences of a whole text. */
export function sentencesOf(text: string): string[] {
  const sentences = new Sentences();
  return [...sentences.add(text), sentences.rest()].filter((one) => one.trim() !== "");
}

/** Where the first sentence ends and the next begins; undefined while that may still change. */
function endOf(text: string): number | undefined {
  for (const match of text.matchAll(/(?:[.!?।][)"'”’\]]*(?:\s*\[[T\d,;\s]+\])*\s+|\n+)(?=\S)/gu)) {
    const head = text.slice(0, match.index + 1);
    if (match[0].startsWith(".") && short.test(head)) continue;
    // A reference after the full stop belongs to the sentence, and may not have come yet.
    if (
      text[match.index + match[0].length] === "[" &&
      /^\[[T\d,;\s]*(?:\]\s*)?$/.test(text.slice(match.index + match[0].length))
    ) {
      return undefined;
    }
    if (text.slice(0, match.index).trim() === "" && match[0].startsWith("\n")) continue;
    return match.index + match[0].length;
  }
  return text.length > LONGEST ? LONGEST : undefined;
}
