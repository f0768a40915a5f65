"""Checks a model file and predicts with Python's ONNX Runtime and ONNX's reference.

    .venv/bin/python tests/python/predict_onnx.py MODEL INPUTS.json

INPUTS.json holds a column of values for each input, null for a missing number.
Writes JSON: the declared inputs and outputs, and what both runtimes give.
"""

import json
import sys

import numpy as np
import onnx
import onnxruntime
from onnx.reference import ReferenceEvaluator

path, inputs_path = sys.argv[1:]
model = onnx.load(path)
onnx.checker.check_model(model, full_check=True)

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(path, options)
shapes = {i.name: i.shape for i in session.get_inputs()}
feeds = {}
for name, values in json.load(open(inputs_path)).items():
    text = next(i for i in session.get_inputs() if i.name == name).type == "tensor(string)"
    column = np.array(values, dtype=object if text else np.float32)
    feeds[name] = column.reshape([-1] + [1] * (len(shapes[name]) - 1))

names = [o.name for o in session.get_outputs()]
runtime = session.run(names, feeds)
reference = ReferenceEvaluator(model).run(names, feeds)


def plain(values):
    return {name: [v if isinstance(v, str) else float(v) for v in value.tolist()]
            for name, value in zip(names, values)}


json.dump({
    "inputs": {i.name: [i.type, i.shape] for i in session.get_inputs()},
    "outputs": {o.name: [o.type, o.shape] for o in session.get_outputs()},
    "opsets": {o.domain: o.version for o in model.opset_import},
    "metadata": session.get_modelmeta().custom_metadata_map,
    "runtime": plain(runtime),
    "reference": plain(reference),
}, sys.stdout)
