/** Learners of sequences: beside CRFsuite, beside sums over all sequences, and what they refuse. */

import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DataError, Random, UsageError, WorkerPool } from "../../src/base/mod.ts";
import {
  averagedPerceptron,
  crf,
  predictSequences,
  sequenceLearnerOf,
  type SequenceModel,
  type Sequences,
  spanOrder,
  type TagOrder,
} from "../../src/learners/mod.ts";
import { CrfParts } from "../../src/learners/sequences/crf_parts.ts";
import { seenParameters } from "../../src/learners/sequences/seen_parameters.ts";
import fixture from "./fixtures/sequences.json" with { type: "json" };

/** Sequences whose tokens have one group each, attributes numbered by first appearance. */
function sequencesOf(texts: readonly (readonly string[][])[]): Sequences & { names: string[] } {
  const placeOf = new Map<string, number>();
  const tokens = texts.flat();
  const attributes = tokens.map((own) =>
    own.map((name) => {
      if (!placeOf.has(name)) placeOf.set(name, placeOf.size);
      return placeOf.get(name)!;
    })
  );
  // Tokens of the same attributes share a group, as the same words do.
  const groupOf = new Map<string, number>();
  const groups = Int32Array.from(attributes, (own) => {
    const key = own.join();
    if (!groupOf.has(key)) groupOf.set(key, groupOf.size);
    return groupOf.get(key)!;
  });
  const lists = [...groupOf.keys()].map((key) => key.split(",").map(Number));
  return {
    offsets: Int32Array.from([0, ...running(texts.map(({ length }) => length))]),
    width: 1,
    groups,
    attributeOffsets: Int32Array.from([0, ...running(lists.map(({ length }) => length))]),
    attributes: Int32Array.from(lists.flat()),
    attributeCount: placeOf.size,
    names: [...placeOf.keys()],
  };
}

function running(lengths: readonly number[]): number[] {
  let sum = 0;
  return lengths.map((length) => sum += length);
}

const texts = sequencesOf(fixture.sequences.map(({ tokens }) => tokens));
const tags = Int32Array.from(
  fixture.sequences.flatMap(({ tags }) => tags.map((tag) => fixture.tags.indexOf(tag))),
);
const anyOrder: TagOrder = {
  tags: fixture.tags.length,
  starts: new Uint8Array(fixture.tags.length).fill(1),
  follows: new Uint8Array(fixture.tags.length ** 2).fill(1),
};

for (const optimum of fixture.optima) {
  const { c1, c2 } = optimum;
  Deno.test(`crf: comes to CRFsuite's optimum with c1 ${c1} and c2 ${c2}`, async () => {
    const learner = crf({ c1, c2, maxIter: 5000, tol: 1e-14 });
    const model = await learner.fit(texts, tags, { order: anyOrder, seed: 1 });
    const parameters = seenParameters(texts, tags, anyOrder.tags);
    const lossOf = (
      weights: readonly (readonly [string, string, number])[],
      steps: typeof weights,
    ) => penalised(parameters, weights, steps, c1, c2);
    const states = optimum.states as unknown as (readonly [string, string, number])[];
    const transitions = optimum.transitions as unknown as (readonly [string, string, number])[];
    const theirs = lossOf(states, transitions);
    // Its own loss is printed with six decimals, its weights are Float64.
    assertAlmostEquals(theirs, optimum.loss, 1e-4);
    const own = lossOf(
      texts.names.flatMap((name, a) =>
        fixture.tags.map((tag, k) => [name, tag, model.weights[a * anyOrder.tags + k]] as const)
      ),
      fixture.tags.flatMap((from, i) =>
        fixture.tags.map((to, j) => [from, to, model.transitions[i * anyOrder.tags + j]] as const)
      ),
    );
    // Ours are kept as Float32. Neither may be lower: the optimum is one.
    assertAlmostEquals(own, theirs, 1e-3);
    const largest = Math.max(...states.map(([name, tag, weight]) =>
      Math.abs(
        weight -
          model.weights[texts.names.indexOf(name) * anyOrder.tags + fixture.tags.indexOf(tag)],
      )
    ));
    // The bowl is flat at its bottom: weights agree less closely than losses.
    assert(largest < 0.02, `${largest}`);
    if (c1 > 0) {
      const count = model.weights.filter((weight) => weight !== 0).length;
      assert(Math.abs(count - states.length) <= 3, `${count} beside ${states.length}`);
    }
  });
}

/** The objective with its penalties at weights that are told by name. */
function penalised(
  parameters: ReturnType<typeof seenParameters>,
  states: readonly (readonly [string, string, number])[],
  transitions: readonly (readonly [string, string, number])[],
  c1: number,
  c2: number,
): number {
  const { offsets, pairTags, from, to } = parameters;
  const point = new Float64Array(pairTags.length + from.length);
  const K = fixture.tags.length;
  const stateOf = new Map(states.map(([name, tag, weight]) => [`${name} ${tag}`, weight]));
  texts.names.forEach((name, a) => {
    for (let p = offsets[a]; p < offsets[a + 1]; p++) {
      point[p] = stateOf.get(`${name} ${fixture.tags[pairTags[p]]}`) ?? 0;
    }
  });
  const stepOf = new Map(transitions.map(([a, b, weight]) => [`${a} ${b}`, weight]));
  from.forEach((tag, r) =>
    point[pairTags.length + r] = stepOf.get(`${fixture.tags[tag]} ${fixture.tags[to[r]]}`) ?? 0
  );
  const loss = new CrfParts(texts, tags, K, parameters, c2).objective(
    point,
    new Float64Array(point.length),
  );
  return loss + c1 * point.reduce((sum, value) => sum + Math.abs(value), 0);
}

/** Texts of which "always" has been seen with every tag, others with one or two, alone or often. */
function manyTags() {
  const words = ["a", "b", "a", "c", "d", "a", "e", "b", "f", "g", "c", "h"];
  return {
    few: sequencesOf(
      Array.from(
        { length: 4 },
        (_, t) =>
          words.slice(3 * t, 3 * t + 3).map((word, i) =>
            word === "g" ? ["lonely"] : ["always", word, ...i === 0 ? ["first"] : []]
          ),
      ),
    ),
    gold: Int32Array.of(0, 1, 2, 3, 4, 0, 5, 1, 6, 7, 3, 2),
    K: 8,
  };
}

const threeTags = {
  few: sequencesOf([[["a"], ["b", "c"], ["a", "c"]], [["c"]], [["b"], ["a"]]]),
  gold: Int32Array.of(0, 1, 2, 1, 2, 0),
  K: 3,
};

for (const { few, gold, K } of [threeTags, manyTags()]) {
  Deno.test(`crf: log-likelihood and gradient are those of a sum over all sequences of ${K} tags`, () => {
    const parameters = seenParameters(few, gold, K);
    const random = new Random(3);
    const size = parameters.pairTags.length + parameters.from.length;
    const point = Float64Array.from({ length: size }, () => 4 * random.next() - 2);
    const { objective } = new CrfParts(few, gold, K, parameters, 0.2);
    const gradient = new Float64Array(size);
    const loss = objective(point, gradient);
    assertAlmostEquals(loss, bySum(few, gold, K, parameters, point, 0.2), 1e-10);
    for (let p = 0; p < size; p++) {
      const moved = (by: number) => {
        const other = point.slice();
        other[p] += by;
        return objective(other, new Float64Array(size));
      };
      // A central difference of step 1e-5 is off by about 1e-10 of the third derivative.
      assertAlmostEquals(gradient[p], (moved(1e-5) - moved(-1e-5)) / 2e-5, 1e-6);
    }
  });
}

Deno.test("crf: parts of many texts, here or on threads, add up to all of them", async () => {
  const { few, gold, K } = manyTags();
  const times = 500;
  const tokens = gold.length;
  const many: Sequences = {
    ...few,
    offsets: Int32Array.from(
      { length: times * 4 + 1 },
      (_, t) => Math.floor(t / 4) * tokens + few.offsets[t % 4],
    ),
    groups: Int32Array.from({ length: times * tokens }, (_, i) => few.groups[i % tokens]),
  };
  const golds = Int32Array.from({ length: times * tokens }, (_, i) => gold[i % tokens]);
  const parameters = seenParameters(few, gold, K);
  const size = parameters.pairTags.length + parameters.from.length;
  const point = Float64Array.from({ length: size }, (_, p) => Math.sin(p));
  const once = new Float64Array(size);
  const loss = new CrfParts(few, gold, K, parameters, 0).objective(point, once);
  await using pool = new WorkerPool(2);
  const found = [undefined, pool].map((pool) => {
    const parts = new CrfParts(many, golds, K, parameters, 0, pool);
    const gradient = new Float64Array(size);
    const value = parts.objective(point, gradient);
    parts.close();
    return { value, gradient };
  });
  assertEquals(found[0], found[1]);
  // Sums of 2,000 texts are rounded otherwise than 500 times the sum of four.
  assertAlmostEquals(found[0].value / times, loss, 1e-10);
  once.forEach((slope, p) => assertAlmostEquals(found[0].gradient[p] / times, slope, 1e-10));
});

function bySum(
  { offsets, groups, attributeOffsets, attributes }: Sequences,
  gold: Int32Array,
  K: number,
  { offsets: pairs, pairTags, from, to }: ReturnType<typeof seenParameters>,
  point: Float64Array,
  c2: number,
): number {
  const score = (first: number, path: readonly number[]) => {
    let sum = 0;
    path.forEach((tag, i) => {
      const group = groups[first + i];
      for (let at = attributeOffsets[group]; at < attributeOffsets[group + 1]; at++) {
        for (let p = pairs[attributes[at]]; p < pairs[attributes[at] + 1]; p++) {
          if (pairTags[p] === tag) sum += point[p];
        }
      }
      from.forEach((tag0, r) => {
        if (i > 0 && tag0 === path[i - 1] && to[r] === tag) sum += point[pairTags.length + r];
      });
    });
    return sum;
  };
  let loss = c2 * point.reduce((sum, value) => sum + value * value, 0);
  for (let t = 0; t + 1 < offsets.length; t++) {
    const all = allPaths(offsets[t + 1] - offsets[t], K).map((path) => score(offsets[t], path));
    loss += Math.log(all.reduce((sum, value) => sum + Math.exp(value), 0));
    loss -= score(offsets[t], [...gold.subarray(offsets[t], offsets[t + 1])]);
  }
  return loss;
}

function allPaths(length: number, K: number): number[][] {
  if (length === 0) return [[]];
  return allPaths(length - 1, K).flatMap((path) =>
    Array.from({ length: K }, (_, tag) => [...path, tag])
  );
}

Deno.test("sequences: the best of all readings that may be, and its share, as tried one by one", () => {
  const random = new Random(5);
  const order = spanOrder(2);
  const K = order.tags;
  const lengths = [4, 1, 3, 0];
  const count = lengths.reduce((sum, length) => sum + length, 0);
  const sequences: Sequences = {
    offsets: Int32Array.from([0, ...running(lengths)]),
    ...{ width: 1, attributeCount: count },
    groups: Int32Array.from({ length: count }, (_, i) => i),
    attributeOffsets: Int32Array.from({ length: count + 1 }, (_, i) => i),
    attributes: Int32Array.from({ length: count }, (_, i) => i),
  };
  const model: SequenceModel = {
    ...{ kind: "Crf", params: {}, order, iterations: 1, converged: true },
    weights: Float32Array.from({ length: count * K }, () => 6 * random.next() - 3),
    transitions: Float32Array.from({ length: K * K }, () => 6 * random.next() - 3),
  };
  const { tags: found, confidence } = predictSequences(model, sequences);
  lengths.forEach((length, t) => {
    const first = sequences.offsets[t];
    const paths = allPaths(length, K).filter((path) =>
      path.every((tag, i) => i === 0 ? order.starts[tag] : order.follows[path[i - 1] * K + tag])
    );
    const scores = paths.map((path) =>
      path.reduce((sum, tag, i) =>
        sum + model.weights[(first + i) * K + tag] +
        (i > 0 ? model.transitions[path[i - 1] * K + tag] : 0), 0)
    );
    const best = scores.indexOf(Math.max(...scores));
    assertEquals([...found.subarray(first, first + length)], paths[best]);
    const all = scores.reduce((sum, score) => sum + Math.exp(score), 0);
    assertAlmostEquals(confidence[t], Math.exp(scores[best]) / all, 1e-12);
  });
});

Deno.test("averaged perceptron: learns what can be told apart, the same for the same seed", async () => {
  const learner = averagedPerceptron({ rounds: 30 });
  const apart = sequencesOf([[["a"], ["b"], ["c"]], [["c"], ["a"]], [["b"]]]);
  const gold = Int32Array.of(0, 1, 2, 2, 0, 1);
  const order = { tags: 3, starts: Uint8Array.of(1, 1, 1), follows: new Uint8Array(9).fill(1) };
  const model = await learner.fit(apart, gold, { order, seed: 1 });
  assertEquals(model.converged, true);
  assertEquals([...predictSequences(model, apart).tags], [...gold]);
  assertEquals(await learner.fit(apart, gold, { order, seed: 1 }), model);
});

Deno.test("sequences: contradictory tags, no tokens, wrong settings and a signal are told", async () => {
  const options = { order: spanOrder(1), seed: 1 };
  const two = sequencesOf([[["a"], ["b"]]]);
  for (const learner of [crf(), averagedPerceptron()]) {
    await assertRejects(
      () => learner.fit(two, Int32Array.of(0, 2), options),
      DataError,
      "token 2 of text 1 has tag 2 after tag 0",
    );
    await assertRejects(
      () => learner.fit(two, Int32Array.of(2, 0), options),
      DataError,
      "token 1 of text 1 has tag 2 after the start",
    );
    await assertRejects(
      () => learner.fit(sequencesOf([[]]), new Int32Array(0), options),
      DataError,
      "no text has a token",
    );
    const signal = AbortSignal.abort(new Error("stopped"));
    await assertRejects(
      () => learner.fit(two, Int32Array.of(1, 2), { ...options, signal }),
      Error,
      "stopped",
    );
  }
  assertThrows(() => crf({ c1: -1 }), UsageError, "Cannot set c1 of Crf to -1");
  assertThrows(() => averagedPerceptron({ rounds: 0 }), UsageError, "rounds");
  assertThrows(
    () => sequenceLearnerOf({ kind: "crv" } as unknown as { kind: "crf" }),
    UsageError,
    'Cannot find the learner of sequences "crv"',
  );
});
