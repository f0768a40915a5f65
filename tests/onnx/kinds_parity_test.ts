/** Each kind of column with each of its options: native, by row and in the graph, bit for bit. */

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type Cell,
  clean,
  type ColumnSpec,
  type DerivedSpec,
  difference,
  featureSet,
  type FeatureState,
  fit,
  kindNames,
  kindOf,
  number,
  product,
  ratio,
  sum,
  targetEncoding,
  transform,
} from "../../src/features/mod.ts";
import type { ModelColumns } from "../../src/onnx_runtime/mod.ts";
import { column } from "../../src/dataset/mod.ts";
import { byRow, featureSession } from "./feature_session.ts";
import { cases, texts } from "./kind_cases.ts";

const y = ["no", "yes", "no", "yes", "yes", "no", "yes", "no", "no", "yes", "yes", "no"];
const target = { column: "y", classes: ["no", "yes"] };

function fitted(spec: ColumnSpec, cells: Cell[], labels: string[] = y, classes = target.classes) {
  const set = featureSet({ target: { column: "y", classes }, columns: { x: spec } });
  const table = { rows: cells.length, columns: { x: cells, y: labels } };
  const data = clean(set, table, { target: "required" });
  return { set, data, state: fit(set, data) };
}

/** Everything that a column tells apart, and values such as a caller may send. */
function probes(state: FeatureState): (number | string)[] {
  return [...kindOf(state.columns[0]).borders(state.columns[0])];
}

async function assertAlike(
  run: Awaited<ReturnType<typeof featureSession>>,
  state: FeatureState,
  native: number[][],
  feeds: ModelColumns,
) {
  assertEquals(byRow(state, feeds), native);
  assertEquals(await run(feeds), native);
}

function feedsOf(values: readonly (number | string)[]): ModelColumns {
  return {
    x: typeof values[0] === "number" ? Float32Array.from(values as number[]) : values as string[],
  };
}

for (const [name, spec, cells] of cases) {
  Deno.test(`kinds in the graph: ${name}`, async () => {
    const { set, data, state } = fitted(spec, cells);
    const run = await featureSession(state);
    const check = async (values: (number | string)[]) => {
      const table = { rows: values.length, columns: { x: values } };
      const matrix = transform(state, clean(set, table, { target: "none", state }));
      await assertAlike(
        run,
        state,
        state.features.map((_, j) => [...column(matrix, j)]),
        feedsOf(values),
      );
    };
    const borders = probes(state);
    await check(borders);
    for (const value of borders) await check([value]);
    // Training rows as they would be fed again.
    const matrix = transform(state, data);
    const raw = kindOf(state.columns[0]).raw(
      state.columns[0],
      data.columns.x,
      Int32Array.from(data.labels!.keys()),
    );
    await assertAlike(run, state, state.features.map((_, j) => [...column(matrix, j)]), { x: raw });
    // Dirt of any form.
    const dirt: fc.Arbitrary<number | string> = typeof borders[0] === "number"
      ? fc.oneof(fc.float(), fc.constantFrom(...borders as number[]))
      : fc.oneof(
        fc.string(),
        fc.constantFrom(...borders as string[]),
        fc.integer({ min: -3, max: 12 }).map(String),
        fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })
          .map((moment) => moment.toISOString()),
        fc.tuple(fc.nat(30), fc.nat(70)).map(([h, m]) => `${h}:${m}`),
      ).filter((text) => !text.includes("\0"));
    await fc.assert(
      fc.asyncProperty(
        fc.array(dirt, { minLength: 1, maxLength: 20 }),
        (values) => check(values),
      ),
      { numRuns: 60 },
    );
  });
}

Deno.test("kinds in the graph: every kind is tried", () => {
  // Tokens become no numbers: spans_test.ts tries them.
  const tried = new Set([...cases.map(([, spec]) => spec.kind), "tokens"]);
  assertEquals([...tried].sort(), [...kindNames].sort());
});

Deno.test("kinds in the graph: target encoding of three classes", async () => {
  const labels = ["p", "q", "r", "p", "q", "r", "p", "q", "r", "p", "p", "p"];
  const { set, state } = fitted(targetEncoding(), texts, labels, ["p", "q", "r"]);
  assertEquals(state.features, ["x_p", "x_q", "x_r"]);
  const run = await featureSession(state);
  const values = probes(state);
  const table = { rows: values.length, columns: { x: values } };
  const matrix = transform(state, clean(set, table, { target: "none" }));
  await assertAlike(
    run,
    state,
    state.features.map((_, j) => [...column(matrix, j)]),
    feedsOf(values),
  );
});

const derived: Record<string, DerivedSpec> = {
  ratio: ratio("a", "b", { missing: "keep" }),
  back: ratio("b", "a", { missing: "indicator", cap: false }),
  difference: difference("a", "b", { scale: "standard" }),
  product: product(["a", "b", "c"], { min: 0 }),
  sum: sum(["a", "b"], { log1p: true }),
};

Deno.test("kinds in the graph: derived columns of any numbers", async () => {
  const set = featureSet({
    target,
    columns: { a: number({ min: -10, max: 1e30 }), b: number(), c: number({ missing: "keep" }) },
    derived,
  });
  const train = {
    rows: 5,
    columns: { a: [1, 2, 3, 0, null], b: [2, 0, 5, -1, 4], c: [1, 1, 2, null, 3] },
  };
  const state = fit(set, clean(set, train, { target: "none" }));
  assertEquals(state.features, [
    ...["a", "b", "c", "ratio", "back", "back_missing", "difference", "product", "sum"],
  ]);
  const run = await featureSession(state);
  const value = fc.oneof(fc.float(), fc.constantFrom(0, -0, NaN, 1, -10, 3e38, 1e30, Infinity));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(value, value, value), { minLength: 1, maxLength: 20 }),
      async (rows) => {
        const columns = Object.fromEntries(
          ["a", "b", "c"].map((name, k) => [name, rows.map((row) => row[k])]),
        );
        const table = { rows: rows.length, columns };
        const matrix = transform(state, clean(set, table, { target: "none" }));
        const native = state.features.map((_, j) => [...column(matrix, j)]);
        const feeds = Object.fromEntries(
          Object.entries(columns).map(([name, cells]) => [name, Float32Array.from(cells)]),
        );
        await assertAlike(run, state, native, feeds);
      },
    ),
    { numRuns: 300 },
  );
});
