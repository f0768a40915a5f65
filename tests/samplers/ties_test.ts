/** Rows that are equally near, or nearly so far from zero, and categories alone. */

import { assert, assertEquals } from "@std/assert";
import { Random } from "../../src/base/mod.ts";
import { nearestNeighbours } from "../../src/samplers/neighbours.ts";
import {
  adasyn,
  editedNearestNeighbours,
  smoteN,
  smoteNc,
  tomekLinks,
} from "../../src/samplers/mod.ts";
import { matrixFromRows, row } from "../../src/dataset/mod.ts";
import fixture from "./fixtures/ties.json" with { type: "json" };

for (const { unit, X, y, ADASYN, ENN, TomekLinks } of fixture.counts) {
  Deno.test(`ties: imbalanced-learn's rows where it is given exact distances, unit ${unit}`, async () => {
    // Its own search rounds |a|² − 2ab + |b|² and takes any of equally near rows: a k-d tree
    // and brute force give it other row counts of the same table. Ours is exact, the first of
    // equally near rows wins, and then nothing is left open.
    const data = { X: matrixFromRows(X), y: Int32Array.from(y) };
    const { y: made } = await adasyn().sample(data, new Random(0));
    assertEquals(ADASYN.map((_, label) => made.filter((own) => own === label).length), ADASYN);
    const edited = await editedNearestNeighbours().sample(data, new Random(0));
    assertEquals([...edited.sourceIndices], ENN);
    const unlinked = await tomekLinks().sample(data, new Random(0));
    assertEquals([...unlinked.sourceIndices], TomekLinks);
  });
}

Deno.test("ties: ADASYN's shares that fall on a half are rounded by NumPy's order of the sum", async () => {
  const { X, y, ADASYN } = fixture.halves;
  const { y: made } = await adasyn().sample({
    X: matrixFromRows(X.split(" ").map((value) => [Number(value)])),
    y: Int32Array.from(y, Number),
  }, new Random(0));
  assertEquals(ADASYN.map((_, label) => made.filter((own) => own === label).length), ADASYN);
});

Deno.test("ties: distances are exact where their squares are far apart in Float32", async () => {
  // 2^24 + an even number is whole in Float32; squares of the values are not.
  const values = Array.from({ length: 60 }, (_, i) => 2 ** 24 + 2 * ((i * 37) % 61));
  const X = matrixFromRows(values.map((value, i) => [value, i % 2]));
  const rows = Int32Array.from(values.keys());
  const found = await nearestNeighbours(X, rows, rows, 3);
  const squared = (a: number, b: number) =>
    BigInt(values[a] - values[b]) ** 2n + BigInt((a % 2 - b % 2) ** 2);
  for (const query of rows) {
    const wanted = [...rows].filter((other) => other !== query)
      .sort((a, b) => {
        const difference = squared(query, a) - squared(query, b);
        return difference === 0n ? a - b : Number(difference);
      });
    assertEquals([...found.subarray(3 * query, 3 * query + 3)], wanted.slice(0, 3));
  }
});

for (const { X, y, counts, made } of fixture.categories) {
  Deno.test(`SMOTEN: makes of each row what imbalanced-learn does, ${counts.length} classes`, async () => {
    const data = { X: matrixFromRows(X), y: Int32Array.from(y) };
    const voted = made as unknown as Record<string, (number[] | null)[]>;
    let compared = 0;
    let open = 0;
    for (let seed = 0; seed < 5; seed++) {
      const sampled = await smoteN().sample(data, new Random(seed));
      assertEquals(counts.map((_, k) => sampled.y.filter((own) => own === k).length), counts);
      for (let i = y.length; i < sampled.y.length; i++) {
        const label = sampled.y[i];
        const start = sampled.sourceIndices[i];
        assertEquals(y[start], label);
        const place = y.slice(0, start).filter((own) => own === label).length;
        const wanted = voted[label][place];
        if (wanted === null) open++;
        else {
          assertEquals([...row(sampled.X, i)], wanted, `from row ${start}`);
          compared++;
        }
      }
    }
    assert(compared > 10 * open, `${compared} compared, ${open} open`);
  });
}

Deno.test("SMOTENC: categories that differ are one median deviation apart", async () => {
  // Row 0 has a neighbour of its category at `share` deviations, and one of another category
  // at its own place: which of the two is nearer says how far apart categories are.
  for (const [share, category] of [[0.97, 0], [1.03, 1]] as const) {
    const numbers = (distance: number) => [0, 0, distance, 10, 10, -10, -10];
    const deviation = (values: number[]) => {
      const mean = values.reduce((a, b) => a + b) / values.length;
      return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    };
    let distance = 1;
    for (let turn = 0; turn < 100; turn++) distance = share * deviation(numbers(distance));
    const minority = numbers(distance).map((value, i) => [value, i === 1 ? 1 : 0]);
    const majority = Array.from({ length: 60 }, (_, i) => [100 + i, 0]);
    const data = {
      X: matrixFromRows([...minority, ...majority]),
      y: Int32Array.from({ length: 67 }, (_, i) => i < 7 ? 1 : 0),
    };
    const sampled = await smoteNc({ categorical: [1], kNeighbors: 1 })
      .sample(data, new Random(1));
    const fromFirst = [...sampled.sourceIndices.keys()]
      .filter((at) => at >= 67 && sampled.sourceIndices[at] === 0);
    assert(fromFirst.length > 2);
    for (const at of fromFirst) assertEquals(row(sampled.X, at)[1], category, `share ${share}`);
  }
});
