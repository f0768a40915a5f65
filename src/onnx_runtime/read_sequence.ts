/** The linear model of sequences in the file of a model of spans. */

import {
  attributesOf,
  damaged,
  fieldOf,
  floatsOf,
  type ModelPieces,
  unpackInts,
} from "../onnx_format/mod.ts";
import type { TagChain } from "../tag_chain/mod.ts";
import { parseSequenceFacts, sequenceFactsKey } from "./sequence_facts.ts";
import { textTensors } from "./text_inputs.ts";
import type { TokenFacts } from "./token_inputs.ts";

/** What a file holds of it. */
export interface ReadSequence {
  /** Which tags may follow which, and what that adds. */
  readonly chain: TagChain;
  /** The ids of the attributes. */
  readonly ids: Int32Array;
  /** What each of them adds to each tag, shape [ids × tags], and a row of zeros. */
  readonly weights: Float32Array;
}

/**
 * Reads it.
 *
 * @returns undefined if a version wrote the file that did not describe it yet.
 * @throws {ModelError} if the file is damaged.
 */
export function readSequence(
  pieces: ModelPieces,
  { column, tags }: TokenFacts,
): ReadSequence | undefined {
  const known = pieces.metadata.get(sequenceFactsKey);
  if (known === undefined) return undefined;
  const { weights: table, starts, follows, transitions } = parseSequenceFacts(known);
  const chain = {
    ...{ tags: tags.length, starts: Uint8Array.from(starts), follows: Uint8Array.from(follows) },
    transitions: Float64Array.from(transitions),
  };
  if (starts.length !== chain.tags) {
    throw damaged(`it has ${chain.tags} tags and an order of others`);
  }
  const { attributes } = attributesOf(pieces, ["LabelEncoder"], textTensors(column).ids);
  const keys = attributes.get("keys_int64s");
  const packed = keys && fieldOf(keys, 8)?.bytes;
  if (packed === undefined) throw damaged("it does not number its attributes");
  const ids = Int32Array.from(unpackInts(packed));
  const weights = floatsOf(pieces, table);
  if (weights.length !== (ids.length + 1) * chain.tags) {
    throw damaged(`${ids.length} attributes of ${chain.tags} tags weigh ${weights.length} numbers`);
  }
  return { chain, ids, weights };
}
