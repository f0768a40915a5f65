"""Runs a model of spans in Python's ONNX Runtime: ids of tokens' attributes on standard input as
JSON lists [texts, tokens, attributes], tags and confidences out.

    .venv/bin/python tests/python/predict_spans.py models/ner_v_….onnx < ids.json
"""

import json
import sys

import numpy as np
import onnxruntime


def main():
    session = onnxruntime.InferenceSession(sys.argv[1])
    (field,) = session.get_inputs()
    tags, confidence = [], []
    for part in json.load(sys.stdin):
        found, sure = session.run(["tags", "confidence"], {field.name: np.array(part, np.int64)})
        tags += found.tolist()
        confidence += sure.tolist()
    json.dump({"tags": tags, "confidence": confidence}, sys.stdout)


main()
