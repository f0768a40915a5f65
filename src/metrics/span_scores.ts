/** How many spans were found, exactly or in part. */

/** A run of tokens that is something. */
export interface TokenSpan {
  /** First token. */
  readonly first: number;
  /** Last token. */
  readonly last: number;
  /** Place of what it is among the labels. */
  readonly label: number;
}

/**
 * The spans of tags from place `from` to `to` − 1, tokens counted from there: 0 is outside, 2l + 1
 * starts a span of label `l`, 2l + 2 goes on with it; one that has nothing to go on with starts one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const spans = spansOfTags([0, 1, 2, 1, 3], 0, 5);
 * assertEquals(spans.map(({ first, last, label }) => [first, last, label]), [
 *   [1, 2, 0], [3, 3, 0], [4, 4, 1],
 * ]);
 * ```
 */
export function spansOfTags(tags: ArrayLike<number>, from = 0, to = tags.length): TokenSpan[] {
  const spans: { first: number; last: number; label: number }[] = [];
  for (let at = from; at < to; at++) {
    const tag = tags[at];
    if (!(tag > 0)) continue;
    const label = (tag - 1) >> 1;
    const open = spans.at(-1);
    if (tag % 2 === 0 && open?.last === at - from - 1 && open.label === label) open.last++;
    else spans.push({ first: at - from, last: at - from, label });
  }
  return spans;
}

/**
 * Predicted tags laid out as the true ones are: text after text, −1 between texts.
 *
 * @param truth The true tags.
 * @param predictions How sure a model is of each text, then the tag of each token, −1 beyond the
 * last, shape [1 + most tokens, texts].
 */
export function flatTags(truth: ArrayLike<number>, predictions: ArrayLike<number>): Int32Array {
  let texts = 1;
  for (let at = 0; at < truth.length; at++) if (truth[at] === -1) texts++;
  const flat = new Int32Array(truth.length);
  for (let at = 0, text = 0, token = 0; at < truth.length; at++) {
    if (truth[at] === -1) {
      flat[at] = -1;
      [text, token] = [text + 1, 0];
    } else flat[at] = predictions[++token * texts + text] ?? 0;
  }
  return flat;
}

/** Spans of one label, counted. */
export interface SpanCounts {
  /** True ones. */
  readonly support: number;
  /** Predicted ones. */
  readonly predicted: number;
  /** Predicted ones with the ends and the label of a true one. */
  readonly exact: number;
  /** Predicted ones that overlap a true one of their label, each true one counted once. */
  readonly partial: number;
}

/**
 * Counts the spans of each label. Both sides are tags, text after text; −1 stands between texts.
 *
 * @param weights How often each text counts; once where they are left out.
 * @throws {RangeError} if the sides differ in length or in where texts end, or hold what is no tag or no
 * weight.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const [counts] = countSpans([1, 2, 0, -1, 1], [1, 0, 0, -1, 1], 1);
 * assertEquals(counts, { support: 2, predicted: 2, exact: 1, partial: 2 });
 * ```
 */
export function countSpans(
  yTrue: ArrayLike<number>,
  predicted: ArrayLike<number>,
  labels: number,
  weights?: ArrayLike<number>,
): SpanCounts[] {
  checkTags(yTrue, predicted, weights, 2 * labels);
  const counts = Array.from({ length: labels }, () => (
    { support: 0, predicted: 0, exact: 0, partial: 0 }
  ));
  const truth = spansOfTags(yTrue);
  const weightOf = weights === undefined ? () => 1 : weigher(yTrue, weights);
  let next = 0;
  for (const { first, label } of truth) counts[label].support += weightOf(first);
  const met = new Set<number>();
  for (const { first, last, label } of spansOfTags(predicted)) {
    const weight = weightOf(first);
    counts[label].predicted += weight;
    while (next < truth.length && truth[next].last < first) next++;
    let touched = -1;
    for (let at = next; at < truth.length && truth[at].first <= last; at++) {
      if (truth[at].label !== label) continue;
      if (truth[at].first === first && truth[at].last === last) counts[label].exact += weight;
      if (touched < 0 && !met.has(at)) touched = at;
    }
    if (touched >= 0) {
      met.add(touched);
      counts[label].partial += weight;
    }
  }
  return counts;
}

/** Refuses what is no tag, texts that end elsewhere, and weights that are none. */
function checkTags(
  yTrue: ArrayLike<number>,
  predicted: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
  highest: number,
): void {
  if (yTrue.length !== predicted.length) {
    throw new RangeError(
      `Wanted as many predicted tags as true ones, got ${predicted.length} for ${yTrue.length}`,
    );
  }
  let texts = 1;
  for (let at = 0; at < yTrue.length; at++) {
    for (const tag of [yTrue[at], predicted[at]]) {
      if (!Number.isInteger(tag) || tag < -1 || tag > highest) {
        throw new RangeError(`Wanted a tag from -1 to ${highest}, got ${tag} at token ${at}`);
      }
    }
    if ((yTrue[at] === -1) !== (predicted[at] === -1)) {
      throw new RangeError(`Wanted texts that end at the same tokens, got another end at ${at}`);
    }
    if (yTrue[at] === -1) texts++;
  }
  if (weights === undefined) return;
  let total = 0;
  for (let text = 0; text < weights.length; text++) {
    if (!(weights[text] >= 0 && weights[text] < Infinity)) {
      throw new RangeError(`Wanted a weight of 0 or more, got ${weights[text]} for text ${text}`);
    }
    total += weights[text];
  }
  if (weights.length !== texts || total === 0) {
    throw new RangeError(`Wanted ${texts} weights, not all 0, got ${weights.length}`);
  }
}

/** The weight of the text that a token is of. */
function weigher(tags: ArrayLike<number>, weights: ArrayLike<number>): (token: number) => number {
  const textOf = new Int32Array(tags.length);
  for (let at = 1; at < tags.length; at++) {
    textOf[at] = textOf[at - 1] + Number(tags[at - 1] === -1);
  }
  return (token) => weights[textOf[token]];
}

/** Precision, recall and F1 of counted spans. */
export interface SpanScores {
  /** Share of predicted spans that are right. */
  readonly precision: number;
  /** Share of true spans that were found. */
  readonly recall: number;
  /** Their harmonic mean. */
  readonly f1: number;
}

/**
 * Scores of counts, those of several labels added up, as seqeval's; 0 where nothing is right.
 *
 * @param match Which predicted spans count as right.
 */
export function spanScores(
  counts: readonly SpanCounts[],
  match: "exact" | "partial" = "exact",
): SpanScores {
  const sum = (of: keyof SpanCounts) => counts.reduce((sum, own) => sum + own[of], 0);
  const [right, predicted, support] = [sum(match), sum("predicted"), sum("support")];
  return {
    precision: predicted === 0 ? 0 : right / predicted,
    recall: support === 0 ? 0 : right / support,
    f1: predicted + support === 0 ? 0 : 2 * right / (predicted + support),
  };
}

/** Share of texts whose tags are all right; `weights` say how often each text counts. */
export function wholeTexts(
  yTrue: ArrayLike<number>,
  predicted: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  checkTags(yTrue, predicted, weights, Infinity);
  let [text, all, right, good] = [0, 0, 0, true];
  for (let at = 0; at <= yTrue.length; at++) {
    if (at < yTrue.length && yTrue[at] !== -1) good &&= yTrue[at] === predicted[at];
    else {
      const weight = weights?.[text++] ?? 1;
      all += weight;
      if (good) right += weight;
      good = true;
    }
  }
  return right / all;
}
