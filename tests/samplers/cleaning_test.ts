/** Under-samplers and SMOTE-NC against imbalanced-learn. */

import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DataError, Random, UsageError } from "../../src/base/mod.ts";
import { editedNearestNeighbours, smoteNc } from "../../src/samplers/mod.ts";
import { linkedRows } from "../../src/samplers/tomek_links.ts";
import { column, matrixFromRows } from "../../src/dataset/mod.ts";
import { samplers } from "./samplers.ts";
import fixture from "./fixtures/cleaning.json" with { type: "json" };

for (const { name, X, y, filled, under, ...kept } of fixture.cleaning) {
  const data = { X: matrixFromRows(X), y: Int32Array.from(y) };
  const cleaners = {
    TomekLinks: samplers.TomekLinks,
    ENN: samplers.ENN,
    "ENN of 5": editedNearestNeighbours({ nNeighbors: 5 }),
  };
  for (const title of ["TomekLinks", "ENN", "ENN of 5"] as const) {
    Deno.test(`${title}: keeps the rows that imbalanced-learn keeps, ${name}`, async () => {
      const { sourceIndices } = await cleaners[title].sample(data, new Random(0));
      assertEquals([...sourceIndices], kept[title]);
      assert(sourceIndices.length < y.length);
    });
  }

  Deno.test(`Under: imbalanced-learn's class counts, ${name}`, async () => {
    const { y: labels } = await samplers.Under.sample(data, new Random(0));
    assertEquals(under.map((_, k) => labels.filter((label) => label === k).length), under);
  });

  Deno.test(`SMOTETomek: the links that imbalanced-learn finds after SMOTE, ${name}`, async () => {
    const linked = await linkedRows(
      { X: matrixFromRows(filled.X), y: Int32Array.from(filled.y) },
      {},
    );
    assertEquals([...linked.keys()].filter((row) => linked[row] === 0), filled.unlinked);
  });
}

Deno.test("Under: every row is as likely to stay", async () => {
  const X = matrixFromRows(Array.from({ length: 12 }, (_, i) => [i]));
  const y = Int32Array.from({ length: 12 }, (_, i) => Number(i >= 9));
  const stayed = new Array<number>(12).fill(0);
  for (let seed = 0; seed < 2000; seed++) {
    const { sourceIndices } = await samplers.Under.sample({ X, y }, new Random(seed));
    for (const row of sourceIndices) stayed[row]++;
  }
  // A third of 2,000 with a deviation of 21: five of them are allowed.
  stayed.slice(0, 9).forEach((times) => assertAlmostEquals(times, 2000 / 3, 105));
  assertEquals(stayed.slice(9), [2000, 2000, 2000]);
});

Deno.test("ENN: refuses fewer rows than it compares with", async () => {
  const data = { X: matrixFromRows([[1], [2], [3]]), y: Int32Array.of(0, 0, 1) };
  await assertRejects(
    async () => await samplers.ENN.sample(data, new Random(0)),
    DataError,
    "there are 3 rows, 3 neighbours of each need at least 4",
  );
});

/** As in imbalanced_learn_test.ts: chance passes it once in 30 million comparisons. */
const ERRORS = 5.5;

interface MadeColumn {
  mean?: number;
  deviation?: number;
  shares?: Record<string, number>;
}

for (const { name, X, y, categorical, made } of fixture.mixed) {
  Deno.test(`SMOTENC: new rows are distributed as imbalanced-learn's, ${name}`, async () => {
    const data = { X: matrixFromRows(X), y: Int32Array.from(y) };
    const sampler = smoteNc({ categorical });
    const runs = await Promise.all(
      Array.from({ length: fixture.seeds }, (_, seed) => sampler.sample(data, new Random(seed))),
    );
    const classes = made as unknown as Record<string, { rows: number; columns: MadeColumn[] }>;
    for (const [label, { rows, columns }] of Object.entries(classes)) {
      columns.forEach(({ mean, deviation, shares }, j) => {
        const ours = runs.flatMap((run) =>
          [...column(run.X, j)].filter((_, i) => i >= y.length && run.y[i] === Number(label))
        );
        assertEquals(ours.length, rows * fixture.seeds);
        // Both sides are as many draws: their difference has √2 times the error of one.
        const scale = ERRORS * Math.SQRT2 / Math.sqrt(ours.length);
        const average = (values: number[]) => values.reduce((a, b) => a + b) / values.length;
        if (mean !== undefined && deviation !== undefined) {
          const own = average(ours);
          assertAlmostEquals(own, mean, scale * deviation + 1e-6 * Math.abs(mean));
          const spread = Math.sqrt(average(ours.map((value) => (value - own) ** 2)));
          // The deviation's error is about 1/√2 of the mean's, more if tails are heavy.
          assertAlmostEquals(spread, deviation, scale * deviation + 1e-6 * Math.abs(mean));
        }
        for (const [value, share] of Object.entries(shares ?? {})) {
          const own = average(ours.map((other) => Number(other === Number(value))));
          const error = scale * Math.sqrt(share * (1 - share)) + 2 / ours.length;
          assertAlmostEquals(own, share, error, `column ${j}, category ${value}`);
        }
        if (shares) assert(ours.every((value) => String(value) in shares));
      });
    }
  });
}

Deno.test("SMOTENC: columns that cannot be are refused", async () => {
  assertThrows(() => smoteNc({ categorical: [] }), UsageError, "no categorical column");
  assertThrows(() => smoteNc({ categorical: [1.5] }), UsageError, "column 1.5");
  assertThrows(() => smoteNc({ categorical: [1, 1] }), UsageError, "twice");
  assertThrows(() => smoteNc({ categorical: [1], kNeighbors: 0 }), UsageError, "0 neighbours");
  const data = { X: matrixFromRows([[1, 2], [3, 4]]), y: Int32Array.of(0, 1) };
  const sample = (categorical: number[]) => async () =>
    await smoteNc({ categorical }).sample(data, new Random(0));
  await assertRejects(sample([2]), UsageError, "column 2");
  await assertRejects(sample([0, 1]), UsageError, "categorical columns only");
});
