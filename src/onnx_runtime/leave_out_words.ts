/** What the words of a text do to the features that a sentence encoder makes of it. */

/** Texts at most that are encoded to explain one. */
const MOST_TEXTS = 32;

/** What all words of a text do only together, as a feature; no word has a blank. */
export const wordsTogether = "words together";

/**
 * Leaves the words of a text out in turn, of a long one runs of neighbours, and gives each the
 * change of the scores, of a run in equal parts. Words that back each other up change less one by
 * one than together: the rest is {@linkcode wordsTogether}.
 *
 * Source: Li, Monroe and Jurafsky, 2016, "Understanding neural networks through representation
 * erasure".
 *
 * @param words The words in the order of the text.
 * @param whole What the encoder adds to each score, shape [outputs].
 * @param score What it adds to them for each of other texts, shapes [texts], [outputs].
 * @returns What each word adds; of one that comes twice the sum. All add up to `whole`.
 */
export async function leaveOutWords(
  words: readonly string[],
  whole: Float64Array,
  score: (texts: readonly string[]) => Promise<Float64Array[]>,
): Promise<ReadonlyMap<string, Float64Array>> {
  const length = Math.max(1, Math.ceil(words.length / MOST_TEXTS));
  const starts = Array.from({ length: Math.ceil(words.length / length) }, (_, run) => run * length);
  const left = await score(
    starts.map((start) => words.toSpliced(start, length).join(" ")),
  );
  const rest = whole.slice();
  const found = new Map<string, Float64Array>();
  starts.forEach((start, run) => {
    const own = words.slice(start, start + length);
    for (const word of own) {
      const added = found.get(word) ?? new Float64Array(whole.length);
      found.set(word, added);
      for (let k = 0; k < whole.length; k++) {
        const change = (whole[k] - left[run][k]) / own.length;
        added[k] += change;
        rest[k] -= change;
      }
    }
  });
  return found.set(wordsTogether, rest);
}
