/** Whether there is something to learn from. */

import { DataError } from "../../base/mod.ts";
import type { TagOrder } from "../../tag_chain/mod.ts";
import type { Sequences } from "./contract.ts";

/**
 * Refuses sequences that cannot be learned from.
 *
 * @throws {DataError} without tokens, where a tag is none of the order's, or one follows another
 * that it may not follow.
 */
export function checkSequences(
  learner: string,
  { offsets }: Sequences,
  tags: Int32Array,
  { tags: count, starts, follows }: TagOrder,
): void {
  const wrong = (found: string, next: string) =>
    new DataError(`Cannot fit ${learner}: ${found}`, { next });
  if (tags.length === 0) throw wrong("no text has a token", "give texts with letters or digits");
  for (let text = 0; text + 1 < offsets.length; text++) {
    for (let token = offsets[text]; token < offsets[text + 1]; token++) {
      const tag = tags[token];
      const place = `token ${token - offsets[text] + 1} of text ${text + 1}`;
      if (!(tag >= 0 && tag < count)) {
        throw wrong(`${place} has the tag ${tag}`, `give tags from 0 to ${count - 1}`);
      }
      const may = token === offsets[text] ? starts[tag] : follows[tags[token - 1] * count + tag];
      if (!may) {
        const before = token === offsets[text] ? "the start" : `tag ${tags[token - 1]}`;
        throw wrong(`${place} has tag ${tag} after ${before}`, "correct the tags, or their order");
      }
    }
  }
}
