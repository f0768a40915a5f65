/** Best readings, through each tag too, and what all add up to, against all readings that there are. */

import { assertAlmostEquals, assertEquals } from "@std/assert";
import { Random } from "../../src/base/mod.ts";
import { AllReadings, type TagChain, TagReadings, Viterbi } from "../../src/tag_chain/mod.ts";

function* allReadings(tags: number, tokens: number): Generator<number[]> {
  if (tokens === 0) return void (yield []);
  for (const rest of allReadings(tags, tokens - 1)) {
    for (let tag = 0; tag < tags; tag++) yield [...rest, tag];
  }
}

function scoreOf(
  { tags, starts, follows, transitions }: TagChain,
  scores: Float64Array,
  reading: readonly number[],
): number {
  if (!starts[reading[0]]) return -Infinity;
  return reading.reduce((sum, tag, i) => {
    const step = reading[i - 1] * tags + tag;
    if (i > 0 && !follows[step]) return -Infinity;
    return sum + scores[i * tags + tag] + (i > 0 ? transitions[step] : 0);
  }, 0);
}

Deno.test("tag readings: the best through each tag are the best of all there are", () => {
  const random = new Random(5);
  for (let round = 0; round < 60; round++) {
    const tags = 2 + random.int(3);
    const tokens = 1 + random.int(4);
    const some = (length: number) => Float64Array.from({ length }, () => random.next() * 4 - 2);
    const chain: TagChain = {
      tags,
      // The first tag may stand anywhere, so that there is a reading.
      starts: Uint8Array.from({ length: tags }, (_, k) => Number(k === 0 || random.next() < 0.7)),
      follows: Uint8Array.from(
        { length: tags * tags },
        (_, at) => Number(at % tags === 0 || random.next() < 0.6),
      ),
      transitions: some(tags * tags),
    };
    const scores = some(tokens * tags);
    const readings = new TagReadings(chain, scores, tokens);
    const all = [...allReadings(tags, tokens)].map((reading) => ({
      reading,
      score: scoreOf(chain, scores, reading),
    }));
    const bestOf = (some: typeof all) => some.reduce((a, b) => b.score > a.score ? b : a);
    assertEquals([...readings.best()], bestOf(all).reading);
    const tagsFound = new Int32Array(tokens + 2);
    const best = new Viterbi(chain).decode(scores, tokens, chain.transitions, tagsFound, 1);
    assertEquals([...tagsFound], [0, ...bestOf(all).reading, 0]);
    assertAlmostEquals(best, bestOf(all).score, 1e-9);
    const total = Math.log(all.reduce((sum, { score }) => sum + Math.exp(score), 0));
    assertAlmostEquals(new AllReadings(chain).logSum(scores, tokens), total, 1e-9);
    for (let token = 0; token < tokens; token++) {
      for (let tag = 0; tag < tags; tag++) {
        const wanted = bestOf(all.filter(({ reading }) => reading[token] === tag));
        const found = readings.through(token, tag);
        if (wanted.score === -Infinity) assertEquals(found, -Infinity);
        else {
          assertAlmostEquals(found, wanted.score, 1e-9);
          assertEquals([...readings.reading(token, tag)], wanted.reading);
        }
      }
    }
  }
});
