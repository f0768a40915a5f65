"""Runs a model with a sentence encoder in Python's ONNX Runtime, one text at a time: on standard
input a JSON list of inputs by name, each [1, L]; labels and probabilities out.

    .venv/bin/python tests/python/predict_pieces.py models/intent_v_….onnx < inputs.json
"""

import json
import sys

import numpy as np
import onnxruntime


def main():
    session = onnxruntime.InferenceSession(sys.argv[1])
    types = {field.name: field.type for field in session.get_inputs()}
    outputs = [field.name for field in session.get_outputs()]
    labels, probabilities = [], []
    for texts in json.load(sys.stdin):
        feeds = {
            name: np.array(values, np.int64 if "int64" in types[name] else np.float32)
            for name, values in texts.items()
        }
        found = dict(zip(outputs, session.run(outputs, feeds)))
        labels.append(str(found["label"][0]))
        probabilities.append(
            [float(found[name][0]) for name in outputs if name.startswith("probability_")]
        )
    json.dump({"labels": labels, "probabilities": probabilities}, sys.stdout)


main()
