/** Why a model of spans finds the spans that it finds: exact differences of its linear scores. */

import { ModelError, YieldingLoop } from "../base/mod.ts";
import { spansOfTags, type TokenSpan } from "../metrics/mod.ts";
import type { ModelPieces } from "../onnx_format/mod.ts";
import { TagReadings } from "../tag_chain/mod.ts";
import { forgetfully, type TokenFeatures, tracedTokenHasher } from "../text/mod.ts";
import type { ClassExplanation, Explainer, RowExplanation } from "./explanation.ts";
import { readSequence } from "./read_sequence.ts";
import type { TokenFacts } from "./token_inputs.ts";

/** A text with what the model makes of it. */
interface Scored {
  readonly text: string;
  readonly features: TokenFeatures;
  readonly readings: TagReadings;
  readonly tags: Int32Array;
}

/**
 * Reads the weights of a model of spans from its file. Each span that it finds is held against the
 * best reading of the text without it: `score` is by how much that is worse, of a CRF the logarithm
 * of how many times less likely. The difference is a sum over the tokens that the two tell apart:
 * what their attributes add (`features`, by word and attribute), and what the order of tags does
 * (`base`). Spans are named `LABEL START-END`, in UTF-16 units.
 *
 * @throws {ModelError} if an older version wrote the file.
 */
export function openSpanExplainer(pieces: ModelPieces, facts: TokenFacts): Explainer {
  const found = readSequence(pieces, facts);
  if (found === undefined) {
    throw new ModelError("Cannot explain the model: its file does not describe its scores", {
      next: "train it again with this version",
    });
  }
  const { chain, weights, ids } = found;
  const { column, rules, tags: names } = facts;
  const K = chain.tags;
  const places = new Map(Array.from(ids, (id, place) => [id, place]));
  const hasherOf = forgetfully(() => tracedTokenHasher(rules));
  let hasher = hasherOf();

  const attributes = (features: TokenFeatures, token: number, see: AttributeListener) => {
    const { width } = hasher;
    for (let w = token * width; w < (token + 1) * width; w++) {
      const group = features.groups[w];
      hasher.attributes[group].forEach((id, at) => {
        const place = places.get(id);
        if (place !== undefined) see(place * K, hasher.names[group][at]);
      });
    }
  };
  const score = (text: string): Scored | undefined => {
    const features = hasher.hash(text);
    const tokens = features.starts.length;
    if (tokens === 0) return undefined;
    const scores = new Float64Array(tokens * K);
    for (let token = 0; token < tokens; token++) {
      attributes(features, token, (row) => {
        for (let k = 0; k < K; k++) scores[token * K + k] += weights[row + k];
      });
    }
    const readings = new TagReadings(chain, scores, tokens);
    return { text, features, readings, tags: readings.best() };
  };
  const explain = ({ text, features, tags }: Scored, rival: Int32Array): ClassExplanation => {
    const { starts, ends } = features;
    const added: Record<string, number> = {};
    let [order, total] = [0, 0];
    tags.forEach((tag, token) => {
      const other = rival[token];
      if (token > 0) {
        order += chain.transitions[tags[token - 1] * K + tag] -
          chain.transitions[rival[token - 1] * K + other];
      }
      if (tag === other) return;
      const word = `${column}: ${text.slice(starts[token], ends[token])}`;
      attributes(features, token, (row, name) => {
        const difference = weights[row + tag] - weights[row + other];
        if (difference === 0) return;
        const key = `${word}: ${name}`;
        added[key] = (added[key] ?? 0) + difference;
        total += difference;
      });
    });
    const largest = Object.entries(added).sort(([, a], [, b]) => Math.abs(b) - Math.abs(a));
    return {
      ...{ score: order + total, base: order },
      features: Object.fromEntries(largest),
      columns: { [column]: total },
    };
  };
  const nameOf = ({ first, last, label }: TokenSpan, { starts, ends }: TokenFeatures) =>
    `${names[2 * label + 1].slice(2)} ${starts[first]}-${ends[last]}`;

  return {
    space: "margin",
    columns: [column],
    async explain(columns, signal) {
      const pace = new YieldingLoop({ ...signal && { signal } });
      const found: RowExplanation[] = [];
      const texts = columns[column];
      for (let row = 0; row < texts.length; row++) {
        const value = texts[row];
        const text = typeof value === "string" ? value : "";
        hasher = hasherOf();
        const scored = score(text);
        const classes: Record<string, ClassExplanation> = {};
        const spans = scored === undefined ? [] : spansOfTags(scored.tags);
        for (const span of spans) {
          const rival = withoutSpan(scored!, span, K);
          if (rival !== undefined) {
            classes[nameOf(span, scored!.features)] = {
              ...explain(scored!, rival),
              instead: spansOfTags(rival)
                .filter(({ first, last }) => first <= span.last && last >= span.first)
                .map((one) => nameOf(one, scored!.features)).join(", ") || "no span",
            };
          }
          await pace.step(row / texts.length);
        }
        found.push({
          prediction: spans.map((span) => nameOf(span, scored!.features)).join(", "),
          classes,
        });
        await pace.step((row + 1) / texts.length);
      }
      return found;
    },
    close: () => Promise.resolve(),
  };
}

type AttributeListener = (row: number, name: string) => void;

/**
 * The best reading that has not this span: another tag at one of its tokens, or a longer span.
 * Undefined where nothing else may be read.
 */
function withoutSpan(
  { readings, tags }: Scored,
  { first, last, label }: TokenSpan,
  K: number,
): Int32Array | undefined {
  let best: { readonly token: number; readonly tag: number } | undefined;
  let most = -Infinity;
  const look = (token: number, tag: number) => {
    const score = readings.through(token, tag);
    if (score > most) [most, best] = [score, { token, tag }];
  };
  for (let token = first; token <= last; token++) {
    for (let tag = 0; tag < K; tag++) if (tag !== tags[token]) look(token, tag);
  }
  if (last + 1 < tags.length) look(last + 1, 2 * label + 2);
  return best && readings.reading(best.token, best.tag);
}
