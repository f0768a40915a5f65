/** Samplers at the borders of their rules: few rows, even counts, ties, and data far from zero. */

import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DataError, Random, UsageError } from "../../src/base/mod.ts";
import {
  adasyn,
  borderlineSmote,
  editedNearestNeighbours,
  type Labelled,
  type Sampler,
  smote,
  smoteN,
  smoteNc,
} from "../../src/samplers/mod.ts";
import { nearestByProducts } from "../../src/samplers/neighbour_products.ts";
import { NeighbourTree } from "../../src/samplers/neighbour_tree.ts";
import { columnsBySpread } from "../../src/samplers/row_major.ts";
import { linkedRows } from "../../src/samplers/tomek_links.ts";
import { emptyMatrix, matrixFromRows } from "../../src/dataset/mod.ts";

Deno.test("samplers: a number of neighbours that is none is refused at once", () => {
  for (const none of [0, -1, 1.5, NaN]) {
    const makers = [
      () => adasyn({ nNeighbors: none }),
      () => borderlineSmote({ kNeighbors: none }),
      () => borderlineSmote({ mNeighbors: none }),
      () => editedNearestNeighbours({ nNeighbors: none }),
      () => smote({ kNeighbors: none }),
      () => smoteN({ kNeighbors: none }),
      () => smoteNc({ kNeighbors: none }),
    ];
    for (const make of makers) assertThrows(make, UsageError, "neighbours");
  }
});

Deno.test("ADASYN: new rows of a few are shared out by how hard each is to learn", async () => {
  // Two of four have a neighbour of the other class: each starts half of the eight rows that lack.
  const X = [0, 100, 200, 200.2, 0.5, 100.5, ...Array.from({ length: 10 }, (_, i) => 1000 + i)];
  const data = {
    X: matrixFromRows(X.map((value) => [value])),
    y: Int32Array.from(X, (_, i) => Number(i < 4)),
  };
  const { sourceIndices } = await adasyn({ nNeighbors: 1 }).sample(data, new Random(1));
  assertEquals([...sourceIndices.subarray(X.length)], [0, 0, 0, 0, 1, 1, 1, 1]);
});

Deno.test("samplers: too few rows, and no categories, are refused in words", async () => {
  const few = { X: matrixFromRows([[0], [1], [2]]), y: Int32Array.of(0, 0, 1) };
  const sampled = (sampler: Sampler, data: Labelled = few) => sampler.sample(data, new Random(1));
  await assertRejects(() => sampled(smote()), DataError, "it has 1 row, 5 neighbours");
  await assertRejects(() => sampled(smoteNc()), UsageError, "with no categorical column");
  const told = (error: UsageError) => error.next!.replace(/, each once.*/, "");
  const beyond = await assertRejects(() => sampled(smoteNc({ categorical: [1] })), UsageError);
  assertEquals(told(beyond), "name some of the columns from 0 up to 0");
  const negative = assertThrows(() => smoteNc({ categorical: [-1] }), UsageError);
  assertEquals(told(negative), "name some of the columns from 0");
  const two = { X: matrixFromRows([[0], [1]]), y: Int32Array.of(0, 1) };
  await assertRejects(
    () => sampled(editedNearestNeighbours(), two),
    DataError,
    "there are 2 rows, 3 neighbours of each need at least 4",
  );
});

Deno.test("Tomek links: two rows of two classes are one, a row alone is none", async () => {
  const linked = async (rows: number[][], y: number[]) => [
    ...await linkedRows({ X: matrixFromRows(rows), y: Int32Array.from(y) }, {}),
  ];
  assertEquals(await linked([[0], [1]], [0, 1]), [1, 1]);
  assertEquals(await linked([[0], [1]], [1, 1]), [0, 0]);
  assertEquals(await linked([[0]], [0]), [0]);
});

/** The categories of the rows that SMOTE-NC makes of a few, the last column being the category. */
async function categoriesMade(few: number[][]): Promise<Set<number>> {
  const last = few[0].length - 1;
  const far = Array.from({ length: 60 }, (_, i) => few[0].map((_, j) => j === last ? 0 : 50 + i));
  const rows = [...few, ...far];
  const y = Int32Array.from(rows, (_, i) => Number(i < few.length));
  const sampler = smoteNc({ categorical: [last], kNeighbors: 1 });
  const { X } = await sampler.sample({ X: matrixFromRows(rows), y }, new Random(1));
  return new Set(X.data.subarray(last * X.rows + rows.length));
}

Deno.test("SMOTENC: another category is as far as one deviation of the numbers, no more and no less", async () => {
  // Of the values 0, d, 0 and z the deviation is 1. The first row's neighbour is the second, of its
  // own category, where d is below that, and else the third, in the same place, of category 1.
  const made = (d: number, z: number) => categoriesMade([[0, 0], [d, 0], [0, 1], [z, 2]]);
  assertEquals(await made(0.85, 2.4492), new Set([0]));
  assertEquals(await made(1.2, 2.4133), new Set([0, 1]));
});

Deno.test("SMOTENC: of two numeric columns the mean of both deviations counts", async () => {
  // The deviations are 1 and 9, so that another category is 5 away.
  const made = (d: number, z: number) =>
    categoriesMade([[0, 0, 0], [0, d, 0], [0, 0, 1], [2.3094, z, 2]]);
  assertEquals(await made(3, 21.591), new Set([0]));
  assertEquals(await made(7, 22.042), new Set([0, 1]));
});

Deno.test("SMOTENC: of three numeric columns the middle deviation counts, wherever it stands", async () => {
  // The deviations of two columns are 9 and 1 however these stand, that of the others' column is 4.
  for (const at of [0, 1, 2]) {
    const made = (d: number, z: number) => {
      const row = (middle: number, nine: number, one: number, category: number) => {
        const others = [nine, one];
        return [...[0, 1, 2].map((j) => j === at ? middle : others.shift()!), category];
      };
      return categoriesMade([
        row(0, 0, 0, 0),
        row(d, 0, 0, 0),
        row(0, 0, 0, 1),
        row(z, 20.785, 2.3094, 2),
      ]);
    };
    assertEquals(await made(3.4, 9.797), new Set([0]), `column ${at}`);
    assertEquals(await made(4.8, 9.6532), new Set([0, 1]), `column ${at}`);
  }
});

Deno.test("neighbours: columns are compared by falling spread, of some rows alone", () => {
  const X = matrixFromRows([[5, 0, 9], [5, 3, 9], [6, 0, 9], [-90, 9, 900]]);
  assertEquals([...columnsBySpread(X, Int32Array.of(0, 1, 2))], [1, 0, 2]);
  assertEquals([...columnsBySpread(X, Int32Array.of(0, 1, 2, 3))], [2, 0, 1]);
  const alike = matrixFromRows([[1, 4, 0, 3], [2, 5, 9, 4]]);
  assertEquals([...columnsBySpread(alike, Int32Array.of(0, 1))], [2, 0, 1, 3]);
});

Deno.test("neighbours by products: rows as far as Float32 can tell are told apart by Float64", async () => {
  const random = new Random(7);
  // In the middle of all rows, and far from it: no product says which row around one is nearest.
  for (const [middle, radius] of [[0, 1000], ...Array.from({ length: 8 }, () => [1000, 1])]) {
    const X = emptyMatrix(600, 12);
    for (let i = 0; i < X.rows; i++) {
      const at = Array.from({ length: X.columns }, () => random.normal());
      const length = Math.hypot(...at) * (1 + 1e-6 * random.next());
      const side = i % 2 === 0 ? middle : -middle;
      at.forEach((value, j) =>
        X.data[j * X.rows + i] = side + (i === 0 ? 0 : radius * value / length)
      );
    }
    const rows = Int32Array.from({ length: X.rows }, (_, i) => i);
    const tree = new NeighbourTree(X, rows, 5);
    const found = await nearestByProducts(X, rows, rows.subarray(0, 1), 5, tree);
    assertEquals([...found], [...tree.nearest(0)]);
  }
});

Deno.test("neighbours by products: data far from zero need no full search", async () => {
  const random = new Random(5);
  const X = emptyMatrix(1500, 20);
  for (let j = 0; j < X.columns; j++) {
    for (let i = 0; i < X.rows; i++) X.data[j * X.rows + i] = 1000 * (j - 10) + random.normal();
  }
  const rows = Int32Array.from({ length: X.rows }, (_, i) => i);
  const queries = rows.subarray(0, 200);
  const tree = new NeighbourTree(X, rows, 5);
  const found = await nearestByProducts(X, rows, queries, 5, tree);
  // Each query looked at its own candidates, k + 1 and a margin of 16, and at nothing else.
  assertEquals(tree.visits, queries.length * (5 + 1 + 16));
  const plain = new NeighbourTree(X, rows, 5);
  assertEquals([...found], [...queries].flatMap((query) => [...plain.nearest(query)]));
});

Deno.test("neighbours by products: queries of several blocks come out in their order", async () => {
  const random = new Random(6);
  const X = emptyMatrix(4096, 3);
  X.data.forEach((_, i) => X.data[i] = random.normal());
  const rows = Int32Array.from({ length: X.rows }, (_, i) => i);
  const tree = new NeighbourTree(X, rows, 2);
  // A block holds four million distances: 1024 queries of 4096 rows.
  const queries = rows.subarray(0, 2100);
  const found = await nearestByProducts(X, rows, queries, 2, tree);
  for (const place of [0, 1023, 1024, 2047, 2048, 2099]) {
    const wanted = [...tree.nearest(queries[place])];
    assertEquals([...found.subarray(place * 2, place * 2 + 2)], wanted, String(place));
  }
});
