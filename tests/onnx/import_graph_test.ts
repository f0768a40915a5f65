/** Models of others within a graph of ours say the same. */

import { assertEquals, assertThrows } from "@std/assert";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { ModelError } from "../../src/base/mod.ts";
import { encodeModel, importGraph, OnnxGraph, type Operators } from "../../src/onnx_format/mod.ts";

function file(graph: OnnxGraph, operators: Operators, input: string, output: string) {
  return encodeModel({
    ...{ name: "part", producer: { name: "test", version: "1" }, operators, metadata: {} },
    ...{ nodes: graph.nodes, constants: graph.constants },
    inputs: [{ name: input, type: "float", dims: ["N", "S"] }],
    outputs: [{ name: output, type: "float", dims: ["N", 1] }],
  });
}

/** The deviation of each row from its mean, squared, in operators of 2021. */
function older(operator?: string) {
  const graph = new OnnxGraph("older");
  const axes = Int32Array.of(1);
  const mean = graph.node("ReduceMean", ["x"], { axes, keepdims: 1 });
  const moved = graph.node("Sub", ["x", mean]);
  const squared = graph.node(operator ?? "Mul", operator ? [moved] : [moved, moved]);
  graph.node("ReduceMean", [squared], { axes, keepdims: 1 }, "y");
  return file(graph, "older", "x", "y");
}

async function run(bytes: Uint8Array, input: string, output: string) {
  const session = await InferenceSession.create(bytes);
  const x = new Tensor("float32", Float32Array.of(1, 2, 6, 0, 0, 3), [2, 3]);
  const results = await session.run({ [input]: x });
  await session.release();
  return [...results[output].data as Float32Array];
}

Deno.test("import: a graph of older operators says the same among current ones", async () => {
  const graph = new OnnxGraph();
  graph.node("Identity", ["rows"], {}, "x");
  assertEquals(importGraph(graph, older()), { inputs: ["x"], outputs: ["y"] });
  graph.node("Identity", ["y"], {}, "spread");
  const found = await run(file(graph, "current", "rows", "spread"), "rows", "spread");
  assertEquals(found, await run(older(), "x", "y"));
  assertEquals(found, [14 / 3, 2].map(Math.fround));
});

Deno.test("import: operators that are not known, and other sets, are refused", () => {
  assertThrows(() => importGraph(new OnnxGraph(), older("Sin")), ModelError, "it has Sin");
  const graph = new OnnxGraph();
  graph.node("Identity", ["x"], {}, "y");
  const bytes = file(graph, "current", "x", "y");
  assertThrows(() => importGraph(new OnnxGraph(), bytes), ModelError, "operator set 21");
  assertThrows(() => importGraph(new OnnxGraph(), new Uint8Array()), ModelError, "Cannot take");
});
