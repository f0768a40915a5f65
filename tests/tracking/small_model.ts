/** A small ONNX model in the shape our exports have: one [N] input per column. */

import onnxProto from "onnx-proto";

const { onnx } = onnxProto;
const { FLOAT, STRING } = onnx.TensorProto.DataType;

function vector(name: string, elemType: number) {
  return {
    name,
    type: { tensorType: { elemType, shape: { dim: [{ dimParam: "N" }] } } },
  };
}

/** Bytes of a model: label is the name as given, probability_Good the sigmoid of age. */
export function smallModel(): Uint8Array {
  const model = onnx.ModelProto.create({
    irVersion: 8,
    opsetImport: [{ domain: "", version: 17 }],
    graph: {
      name: "small",
      node: [
        { opType: "Identity", input: ["Name"], output: ["label"] },
        { opType: "Sigmoid", input: ["Age"], output: ["probability_Good"] },
      ],
      input: [vector("Age", FLOAT), vector("Name", STRING)],
      output: [vector("label", STRING), vector("probability_Good", FLOAT)],
    },
  });
  return onnx.ModelProto.encode(model).finish();
}
