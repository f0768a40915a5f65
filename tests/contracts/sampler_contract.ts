/** What every sampler has to hold, whichever way it makes rows. */

import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { DataError, Random, WorkerPool } from "../../src/base/mod.ts";
import { type Labelled, type Sampled, type Sampler } from "../../src/samplers/mod.ts";
import { column, type Matrix, matrixFromRows, row, takeRows } from "../../src/dataset/mod.ts";

/** How samplers may differ. */
export interface SamplerTraits {
  /**
   * What becomes of the classes: nothing; the smaller ones grow to exactly or
   * about the size of the largest; the larger ones shrink to that of the
   * smallest, or lose some rows; or they are filled and then lose some.
   */
  readonly outcome: "same" | "filled" | "about filled" | "cut" | "cleaned" | "filled and cleaned";
  /**
   * Nearest rows of its own class that a row needs, or "any" if rows of other
   * classes will do; 0 if distances are not measured.
   */
  readonly neighbours: number | "any";
  /** Whether another seed gives other rows. */
  readonly chance: boolean;
}

/** Runs the suite over `sampler`. */
export function samplerContract(
  sampler: Sampler,
  { outcome, neighbours, chance }: SamplerTraits,
): void {
  const test = (what: string, run: () => Promise<void> | void) =>
    Deno.test(`sampler contract: ${sampler.name} ${what}`, run);
  const sample = async (data: Labelled, seed = 42): Promise<Sampled> =>
    await sampler.sample(data, new Random(seed));

  test("gives the same rows for the same seed, on every call", async () => {
    const data = mixedClasses(3);
    const first = await sample(data);
    assertEquals(await sample(data), first);
    if (!chance) return;
    assertNotEquals([...(await sample(data, 43)).X.data], [...first.X.data]);
  });

  test("leaves its input as it is", async () => {
    const data = mixedClasses(3);
    const before = structuredCopy(data);
    await sample(data);
    assertEquals(structuredCopy(data), before);
  });

  test("gives the same rows with workers", async () => {
    await using pool = new WorkerPool(2);
    // So many that each worker gets some.
    const data = mixedClasses(2, 100);
    const pooled = await sampler.sample(data, new Random(42), { pool });
    assertEquals(pooled, await sample(data));
  });

  if (outcome === "cut" || outcome === "cleaned") {
    test("gives some of the rows it is given, unchanged and in their order", async () => {
      const data = mixedClasses(3);
      const { X, y, sourceIndices } = await sample(data);
      assertEquals(sourceIndices, sourceIndices.toSorted());
      assertEquals(new Set(sourceIndices).size, y.length);
      assertEquals([...X.data], [...takeRows(data.X, sourceIndices).data]);
      assert(y.length < data.y.length);
    });
  }

  const grows = outcome === "same" || outcome === "filled" || outcome === "about filled";
  const keeping = "keeps the rows it is given, first and unchanged";
  const cuts = grows ? "" : " (skipped: it leaves rows out)";
  Deno.test(`sampler contract: ${sampler.name} ${keeping}${cuts}`, { ignore: !grows }, async () => {
    const data = mixedClasses(3);
    const { X, y, sourceIndices } = await sample(data);
    const kept = Int32Array.from(data.y.keys());
    assertEquals([...takeRows(X, kept).data], [...data.X.data]);
    assertEquals(y.subarray(0, data.y.length), data.y);
    assertEquals(sourceIndices.subarray(0, data.y.length), kept);
  });

  test("makes rows of the rows it is given only, of their class and within its bounds", async () => {
    const data = mixedClasses(4);
    const { X, y, sourceIndices } = await sample(data);
    assertEquals(X.rows, y.length);
    assertEquals(X.columns, data.X.columns);
    assertEquals(sourceIndices.length, y.length);
    for (let i = 0; i < y.length; i++) {
      assert(sourceIndices[i] >= 0 && sourceIndices[i] < data.y.length);
      assertEquals(data.y[sourceIndices[i]], y[i]);
    }
    for (let j = 0; j < X.columns; j++) {
      for (const [label, [low, high]] of boundsByClass(column(data.X, j), data.y)) {
        column(X, j).forEach((value, i) => {
          if (y[i] === label) assert(low <= value && value <= high, `${value}`);
        });
      }
    }
  });

  for (const classes of [2, 3, 5, 10, 300]) {
    test(`gives ${classes} classes the sizes it promises`, async () => {
      const data = classes < 300 ? mixedClasses(classes) : manyClasses(classes);
      const before = counts(data.y);
      const after = counts((await sample(data)).y);
      const largest = Math.max(...before);
      const smallest = Math.min(...before);
      after.forEach((rows, label) => {
        if (outcome === "same") assertEquals(rows, before[label]);
        if (outcome === "filled") assertEquals(rows, largest);
        // Each row's share is rounded by at most a half.
        if (outcome === "about filled") {
          assert(Math.abs(rows - largest) <= before[label] / 2, `${after}`);
        }
        if (outcome === "cut") assertEquals(rows, smallest);
        if (outcome === "cleaned") {
          assert(rows <= before[label]);
          if (label === before.indexOf(smallest)) assertEquals(rows, smallest);
        }
        if (outcome === "filled and cleaned") assert(rows <= largest && rows > largest / 4);
      });
    });
  }

  const cleans = outcome === "cleaned" || outcome === "filled and cleaned";
  const equal = `leaves classes of equal size as they are${
    cleans ? " (skipped: it cleans them)" : ""
  }`;
  Deno.test(`sampler contract: ${sampler.name} ${equal}`, { ignore: cleans }, async () => {
    const { X } = mixedClasses(2);
    const y = Int32Array.from({ length: X.rows }, (_, i) => i % 2);
    assertEquals(X.rows % 2, 0);
    assertEquals((await sample({ X, y })).y, y);
  });

  test("leaves a single class as it is", async () => {
    const { X } = mixedClasses(2);
    const y = new Int32Array(X.rows);
    const sampled = await sample({ X, y });
    assertEquals(sampled.y, y);
    assertEquals([...sampled.X.data], [...X.data]);
  });

  test("keeps constant columns constant", async () => {
    const data = mixedClasses(3);
    column(data.X, 1).fill(7.25);
    assertEquals(new Set(column((await sample(data)).X, 1)), new Set([7.25]));
  });

  test("copes with rows that are there several times", async () => {
    const data = mixedClasses(2);
    const twice = Int32Array.from([...data.y.keys(), ...data.y.keys()]);
    const X = takeRows(data.X, twice);
    const { y } = await sample({ X, y: twice.map((i) => data.y[i]) });
    const rows = counts(y);
    if (outcome === "filled" || outcome === "cut") assertEquals(rows[0], rows[1]);
    // Class 0 is the smallest: no sampler makes it smaller but one that cleans last.
    if (outcome !== "filled and cleaned") assert(rows[0] >= 2 * counts(data.y)[0]);
  });

  test("skips labels without rows", async () => {
    const data = mixedClasses(2);
    const y = data.y.map((label) => 3 * label);
    const rows = counts((await sample({ X: data.X, y })).y);
    assertEquals(rows[1] + rows[2], 0);
  });

  if (neighbours === 0) {
    test("keeps missing values", async () => {
      const data = mixedClasses(2);
      column(data.X, 0).fill(NaN);
      assert(column((await sample(data)).X, 0).every(Number.isNaN));
    });

    test("needs one row of a class", async () => {
      const y = Int32Array.of(0, 0, 0, 0, 1);
      const sampled = await sample({ X: matrixFromRows([[1], [2], [3], [4], [9]]), y });
      const rows = { same: [4, 1], filled: [4, 4], cut: [1, 1] } as Record<string, number[]>;
      assertEquals(counts(sampled.y), rows[outcome]);
    });
    return;
  }

  test("refuses a missing or infinite value and names its column and row", async () => {
    const data = { ...mixedClasses(2), columnNames: ["Age", "Annual_Income", "x2", "x3"] };
    for (const [value, found] of [[NaN, "a missing value"], [Infinity, "the value Infinity"]]) {
      column(data.X, 1)[7] = value as number;
      const error = await assertRejects(() => sample(data), DataError);
      assertEquals(
        error.message,
        `Cannot sample with ${sampler.name}: column Annual_Income has ${found} in row 7`,
      );
      assert(error.next);
    }
  });

  if (neighbours === "any") return;

  test("refuses a class that is too small and names it", async () => {
    const data = mixedClasses(2);
    const few = [...data.y.keys()].filter((i) => data.y[i] === 0).slice(0, neighbours);
    const rows = Int32Array.from([...few, ...[...data.y.keys()].filter((i) => data.y[i] === 1)]);
    const small = { X: takeRows(data.X, rows), y: rows.map((i) => data.y[i]) };
    const error = await assertRejects(
      () => sample({ ...small, classNames: ["Poor", "Good"] }),
      DataError,
    );
    assert(error.message.includes(`class Poor with ${sampler.name}`), error.message);
    assert(error.message.includes(`${neighbours} rows`), error.message);
    assert(error.message.includes(`at least ${neighbours + 1}`), error.message);
    assert(error.next?.includes("Over"));
  });
}

/**
 * Classes of rising size that overlap, so that their rows have neighbours of
 * other classes; four columns, the last of yes and no.
 */
function mixedClasses(classes: number, times = 1): Labelled {
  const random = new Random(classes);
  const y = random.shuffle(
    Int32Array.from(
      Array.from({ length: classes }, (_, k) => k).flatMap((k) => {
        return new Array<number>(times * (40 + 50 * Math.round(k / (classes - 1) * 2))).fill(k);
      }),
    ),
  );
  const X = matrixFromRows(Array.from(y, (label) => [
    random.normal(label * 0.3),
    random.normal(40_000, 10_000),
    random.int(5),
    random.int(2),
  ]));
  return { X, y };
}

/** Classes of 8 and of 30 rows, each among rows of its neighbours. */
function manyClasses(classes: number): Labelled {
  const random = new Random(classes);
  const y = random.shuffle(
    Int32Array.from(
      Array.from({ length: classes }, (_, k) => k)
        .flatMap((k) => new Array<number>(8 + 22 * (k % 2)).fill(k)),
    ),
  );
  const X = matrixFromRows(
    Array.from(y, (label) => [4 * label + random.normal(0, 2), 0, 0, random.int(2)]),
  );
  return { X, y };
}

function structuredCopy({ X, y }: Labelled): { rows: number[][]; y: number[] } {
  return { rows: Array.from(y, (_, i) => [...row(X, i)]), y: [...y] };
}

function counts(y: Int32Array): number[] {
  const found = new Array<number>(Math.max(...y) + 1).fill(0);
  for (const label of y) found[label]++;
  return found;
}

function boundsByClass(values: Matrix["data"], y: Int32Array): Map<number, [number, number]> {
  const bounds = new Map<number, [number, number]>();
  y.forEach((label, i) => {
    const [low, high] = bounds.get(label) ?? [Infinity, -Infinity];
    bounds.set(label, [Math.min(low, values[i]), Math.max(high, values[i])]);
  });
  return bounds;
}
