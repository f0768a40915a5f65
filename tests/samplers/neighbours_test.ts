import { assert, assertEquals, assertRejects } from "@std/assert";
import { Random, WorkerPool } from "../../src/base/mod.ts";
import { NeighbourTree } from "../../src/samplers/neighbour_tree.ts";
import { nearestByProducts } from "../../src/samplers/neighbour_products.ts";
import { nearestNeighbours } from "../../src/samplers/neighbours.ts";
import { emptyMatrix, type Matrix } from "../../src/dataset/mod.ts";
import { neighboursTask } from "./neighbours_task.ts";

const everyRow = (X: Matrix) => Int32Array.from({ length: X.rows }, (_, i) => i);

function matrix(rows: number, columns: number, value: (i: number, j: number) => number): Matrix {
  const X = emptyMatrix(rows, columns);
  for (let j = 0; j < columns; j++) {
    for (let i = 0; i < rows; i++) X.data[j * rows + i] = value(i, j);
  }
  return X;
}

/** All distances, sorted: slow and plain. */
function bruteForce(X: Matrix, rows: Int32Array, queries: Int32Array, k: number): number[] {
  return [...queries].flatMap((query) => {
    const distances = new Map<number, number>();
    for (const row of rows) {
      let distance = 0;
      for (let j = 0; j < X.columns; j++) {
        distance += (X.data[j * X.rows + row] - X.data[j * X.rows + query]) ** 2;
      }
      if (row !== query) distances.set(row, distance);
    }
    const ordered = [...distances.keys()].sort((a, b) =>
      distances.get(a)! - distances.get(b)! || a - b
    );
    return ordered.slice(0, k);
  });
}

const random = new Random(42);
const cases: Record<string, Matrix> = {
  "normal columns": matrix(300, 6, () => random.normal()),
  // Whole numbers: sums are exact and many distances equal, so lower rows go first.
  "whole numbers with many ties": matrix(300, 3, () => random.int(4)),
  "every row four times": matrix(200, 4, (i, j) => Math.sin((i >> 2) * 7.1 + j)),
  "all rows equal": matrix(100, 5, () => 3.5),
  "one column": matrix(150, 1, () => random.int(1000)),
  // |a − b|² of Float32 products would drown in rounding: 1e12 beside 1.
  "incomes beside yes and no": matrix(
    400,
    8,
    (_, j) => j === 0 ? 1e6 + random.int(50) : random.int(2),
  ),
};

for (const [name, X] of Object.entries(cases)) {
  const rows = everyRow(X);
  const some = rows.filter((i) => i % 3 !== 1);
  // 40 are more than one leaf of the tree holds.
  for (const k of [1, 5, 10, 40]) {
    Deno.test(`nearestNeighbours: as a search of all rows, ${name}, k = ${k}`, async () => {
      assertEquals([...await nearestNeighbours(X, rows, rows, k)], bruteForce(X, rows, rows, k));
    });

    Deno.test(`nearestByProducts: as a search of all rows, ${name}, k = ${k}`, async () => {
      const tree = new NeighbourTree(X, some, k);
      const queries = some.filter((i) => i % 2 === 0).reverse();
      const found = await nearestByProducts(X, some, queries, k, tree);
      assertEquals([...found], bruteForce(X, some, queries, k));
    });
  }
}

Deno.test("nearestNeighbours: as many neighbours as there are other rows", async () => {
  const X = cases["normal columns"];
  const rows = Int32Array.of(4, 7, 1, 200, 33, 12);
  const found = await nearestNeighbours(X, rows, rows, 5);
  assertEquals([...found], bruteForce(X, rows, rows, 5));
});

Deno.test("nearestNeighbours: nothing asked, nothing found", async () => {
  const X = cases["normal columns"];
  assertEquals(await nearestNeighbours(X, everyRow(X), new Int32Array(0), 5), new Int32Array(0));
});

Deno.test("nearestNeighbours: where the tree cannot prune, products give the same answer", async () => {
  const X = matrix(2500, 20, () => random.normal());
  const rows = everyRow(X);
  const tree = new NeighbourTree(X, rows, 5);
  const wanted = new Int32Array(rows.length * 5);
  rows.forEach((row) => wanted.set(tree.nearest(row), row * 5));
  // The tree looks at most rows here: this data takes the way of products.
  assert(tree.visits > 4_000_000);
  assertEquals(await nearestNeighbours(X, rows, rows, 5), wanted);
  // Of the same rows others are asked, in another order.
  const some = rows.filter((row) => row % 5 !== 2).reverse();
  const found = await nearestNeighbours(X, rows, some, 5);
  assertEquals(
    found,
    Int32Array.from(found, (_, at) => wanted[5 * some[Math.floor(at / 5)] + at % 5]),
  );
  const few = rows.subarray(0, 40);
  assertEquals([...wanted.subarray(0, 200)], bruteForce(X, rows, few, 5));
});

Deno.test("nearestNeighbours: a search that is stopped ends", async () => {
  const X = matrix(20_000, 4, () => random.normal());
  const controller = new AbortController();
  const searching = nearestNeighbours(X, everyRow(X), everyRow(X), 5, controller);
  controller.abort(new Error("Stopped"));
  await assertRejects(() => searching, Error, "Stopped");
});

Deno.test("nearestNeighbours: the same from one thread and from workers", async () => {
  await using pool = new WorkerPool(2);
  // Whole numbers have many ties, whose order must not depend on the worker either.
  const X = matrix(5000, 4, (_, j) => j === 0 ? random.int(200) : random.int(6));
  const rows = everyRow(X).filter((i) => i % 7 !== 0);
  const alone = await nearestNeighbours(X, rows, rows, 5);
  assertEquals(await nearestNeighbours(X, rows, rows, 5, { pool }), alone);
});

Deno.test("NeighbourTree: looks at few rows where one column dominates", () => {
  const X = matrix(4000, 8, (_, j) => j === 0 ? 1e5 * random.next() : random.int(2));
  const tree = new NeighbourTree(X, everyRow(X), 5);
  for (let i = 0; i < 100; i++) tree.nearest(i);
  assert(tree.visits / 100 < 200, `${tree.visits / 100} rows for each query`);
});

Deno.test("neighbours in workers: the same from several at once, and after some were stopped", async () => {
  await using pool = new WorkerPool(2);
  const X = matrix(1500, 12, () => random.normal());
  const wanted = await neighboursTask.run({ X, k: 5 }, { progress() {} });
  for (let round = 0; round < 3; round++) {
    const controller = new AbortController();
    const { signal } = controller;
    const stopped = [1, 2].map(() =>
      assertRejects(
        () =>
          pool.run(neighboursTask, { X, k: 5, repeat: 1000 }, {
            signal,
            // The library is loaded and at work: now its thread is ended under it.
            onProgress: () => controller.abort(new Error("Stopped")),
          }),
        Error,
        "Stopped",
      )
    );
    const answers = [1, 2].map(() => pool.run(neighboursTask, { X, k: 5 }));
    await Promise.all(stopped);
    for (const answer of await Promise.all(answers)) assertEquals(answer, wanted);
  }
});
