"""Writes classifiers of "a" and "b" to tests/serve/fixtures: endless.onnx never ends, greedy.onnx wants 256 GiB."""

from pathlib import Path

from onnx import TensorProto as T
from onnx import helper as h

value = h.make_tensor_value_info
body = h.make_graph(
    [h.make_node("Identity", ["go"], ["on"]), h.make_node("Add", ["x", "one"], ["y"])],
    "body",
    [value("i", T.INT64, []), value("go", T.BOOL, []), value("x", T.FLOAT, [])],
    [value("on", T.BOOL, []), value("y", T.FLOAT, [])],
)
first = {
    "endless": [h.make_node("Loop", ["trips", "yes", "zero"], ["last"], body=body)],
    "greedy": [
        h.make_node("ConstantOfShape", ["many"], ["all"]),
        h.make_node("ReduceSum", ["all"], ["last"], keepdims=0),
    ],
}
nodes = [
    h.make_node("Mul", ["last", "zero"], ["nothing"]),
    h.make_node("Greater", ["Age", "nothing"], ["old"]),
    h.make_node("Cast", ["old"], ["code"], to=T.INT64),
    h.make_node("Gather", ["names", "code"], ["label"]),
    h.make_node("Cast", ["old"], ["probability_b"], to=T.FLOAT),
    h.make_node("Sub", ["one", "probability_b"], ["probability_a"]),
]
constants = [
    h.make_tensor("trips", T.INT64, [], [1 << 62]),
    h.make_tensor("many", T.INT64, [1], [1 << 36]),
    h.make_tensor("yes", T.BOOL, [], [True]),
    h.make_tensor("zero", T.FLOAT, [], [0.0]),
    h.make_tensor("one", T.FLOAT, [], [1.0]),
    h.make_tensor("names", T.STRING, [2], [b"a", b"b"]),
]
outputs = [value("label", T.STRING, ["N"])]
outputs += [value(f"probability_{name}", T.FLOAT, ["N"]) for name in "ab"]
for name, start in first.items():
    # The checker of constants warns of those that a graph does not read.
    read = {text for node in start + nodes for text in node.input} | {"one"}
    kept = [constant for constant in constants if constant.name in read]
    graph = h.make_graph(start + nodes, name, [value("Age", T.FLOAT, ["N"])], outputs, kept)
    model = h.make_model(graph, opset_imports=[h.make_opsetid("", 17)])
    model.ir_version = 8
    path = Path(__file__).parent.parent / "serve" / "fixtures" / f"{name}.onnx"
    path.write_bytes(model.SerializeToString())
