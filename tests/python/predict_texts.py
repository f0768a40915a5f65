"""Hashes texts by the rules in a model file's metadata, and predicts them with Python's ONNX Runtime.

    .venv/bin/python tests/python/predict_texts.py MODEL COLUMN TEXTS.json

Writes JSON: the labels, and the probabilities by class.
"""

import json
import math
import sys
import unicodedata
from collections import Counter

import numpy as np
import onnx
import onnxruntime
from sklearn.utils import murmurhash3_32

path, column, texts_path = sys.argv[1:]
onnx.checker.check_model(onnx.load(path), full_check=True)
session = onnxruntime.InferenceSession(path)
rules = json.loads(session.get_modelmeta().custom_metadata_map["texts"])[column]
blocks, size = rules["blocks"], 2 ** rules["bits"]


def normal(text):
    # A lone half of a surrogate pair is not a character; the file has it replaced.
    text = "".join("\ufffd" if 0xD800 <= ord(c) <= 0xDFFF else c for c in text)
    text = unicodedata.normalize("NFKC", text).lower()
    return "".join(" " if unicodedata.category(c)[0] in "ZC" else c for c in text).split()


def runs(block, tokens):
    lengths = range(block["from"], block["to"] + 1)
    if block["of"] == "words":
        words = "".join(
            c if unicodedata.category(c)[0] in "LMN" or c == "_" else " " for c in " ".join(tokens)
        ).split()
        return [" ".join(words[i:i + n]) for n in lengths for i in range(len(words) - n + 1)]
    found = []
    for token in tokens:
        padded = f" {token} "
        for n in lengths:
            if n >= len(padded):
                found.append(padded)
                break
            found += [padded[i:i + n] for i in range(len(padded) - n + 1)]
    return found


def hashed(text):
    tokens = normal(text)
    ids = Counter()
    for b, block in enumerate(blocks):
        for run in runs(block, tokens):
            ids[b * size + (murmurhash3_32(run.encode(), seed=b, positive=True) & (size - 1))] += 1
    return ids


labels, probabilities = [], {}
names = [o.name for o in session.get_outputs()]
texts = json.load(open(texts_path))
for start in range(0, len(texts), 50):
    part = [hashed(text) for text in texts[start:start + 50]]
    length = max(1, max(map(len, part)))
    ids = np.full((len(part), length), len(blocks) * size, dtype=np.int64)
    weights = np.zeros((len(part), length), dtype=np.float32)
    for row, counts in enumerate(part):
        ids[row, :len(counts)] = list(counts)
        weights[row, :len(counts)] = [1 + math.log(n) for n in counts.values()]
    results = session.run(names, {f"{column}.ids": ids, f"{column}.weights": weights})
    for name, values in zip(names, results):
        if name == "label":
            labels += values.tolist()
        else:
            probabilities.setdefault(name, []).extend(values.tolist())

json.dump({"labels": labels, "probabilities": probabilities}, sys.stdout)
