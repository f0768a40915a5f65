/** A model of the version before columns of one contract: it loads, cleans, predicts and is served as then. */

import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import {
  clean,
  columnsOfState,
  currentFeatureSet,
  currentState,
  type FeatureSet,
  type FeatureState,
  inputSchema,
  transform,
} from "../../src/features/mod.ts";
import { openModel, readRowModel, rowModel } from "../../src/onnx_runtime/mod.ts";
import { column, type Table } from "../../src/dataset/mod.ts";
import fixture from "./fixtures/earlier_model.json" with { type: "json" };

const { metadata, records, features } = fixture;
const state = currentState(metadata.feature_state as unknown as FeatureState);
const set = currentFeatureSet(metadata.declared_features as unknown as FeatureSet);
const table: Table = {
  rows: records.length,
  columns: Object.fromEntries(
    state.columns.map(({ name }) => [
      name,
      records.map((record) => record[name as keyof typeof record]),
    ]),
  ),
};

Deno.test("earlier model: its declaration and state make the features that they made then", () => {
  const matrix = transform(state, clean(set, table, { target: "none" }));
  features.forEach((expected, j) =>
    assertEquals([...column(matrix, j)], expected, state.features[j])
  );
});

Deno.test("earlier model: its state alone tells how cells are cleaned", () => {
  const read = { ...set, columns: columnsOfState(state) };
  const [known, told] = [set, read].map((one) => clean(one, table, { target: "none" }));
  assertEquals(told.columns, known.columns);
});

Deno.test("earlier model: requests are described as then", () => {
  assertEquals(inputSchema(state), metadata.input_schema as unknown);
});

Deno.test("earlier model: the trees of its file predict what ONNX Runtime does", async () => {
  const file = fromFileUrl(new URL("./fixtures/earlier_model.onnx", import.meta.url));
  const model = await openModel(file);
  const parts = await readRowModel(await Deno.readFile(file), state, model);
  const values = state.columns.map(({ kind }) => kind === "number" ? NaN : "");
  const sum = Array.from(rowModel(parts!)(values)).reduce((a, b) => a + b, 0);
  await model.close();
  assertEquals(Math.round(sum), 1);
});
