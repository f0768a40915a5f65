"""Writes tests/learners/fixtures/sequences.json and tests/metrics/fixtures/spans.json.

Needs tests/python/requirements-sequences.txt. CRFsuite's optimum and seqeval's scores are the
references; the sequences are drawn from a seed.
"""

import json
import os
import random
import tempfile
from pathlib import Path

import pycrfsuite
from seqeval.metrics import classification_report, f1_score, precision_score, recall_score
from seqeval.scheme import IOB2

ROOT = Path(__file__).parent.parent
TAGS = ["O", "B-a", "I-a", "B-b", "I-b"]


def sequence(rng):
    """Tokens with attributes that tell something of their tags, and the tags."""
    tags = []
    while len(tags) < rng.randint(2, 9):
        kind = rng.choice(["O", "O", "a", "b"])
        if kind == "O":
            tags.append("O")
        else:
            tags += ["B-" + kind] + ["I-" + kind] * rng.randint(0, 2)
    told = {"O": 0, "B-a": 1, "I-a": 2, "B-b": 3, "I-b": 4}
    words = [told[t] if rng.random() < 0.6 else rng.randrange(8) for t in tags]
    tokens = []
    for i in range(len(words)):
        before = words[i - 1] if i > 0 else -1
        tokens.append(sorted({f"w={words[i]}", f"p={before}", f"h={words[i] % 3}", "always"}))
    return tokens, tags


def optimum(data, c1, c2):
    trainer = pycrfsuite.Trainer(verbose=False)
    for tokens, tags in data:
        trainer.append(tokens, tags)
    trainer.select("lbfgs")
    trainer.set_params(
        {"c1": c1, "c2": c2, "max_iterations": 5000, "epsilon": 1e-10, "delta": 1e-14, "period": 20}
    )
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model")
        trainer.train(path)
        tagger = pycrfsuite.Tagger()
        tagger.open(path)
        info = tagger.info()
        found = {
            "c1": c1,
            "c2": c2,
            "loss": trainer.logparser.last_iteration["loss"],
            "states": [[a, t, w] for (a, t), w in sorted(info.state_features.items())],
            "transitions": [[a, b, w] for (a, b), w in sorted(info.transitions.items())],
            "logProbabilities": [],
        }
        for tokens, tags in data[:5]:
            tagger.set(tokens)
            found["logProbabilities"].append(tagger.probability(tags))
        return found


def spans(rng):
    texts, found = [], []
    for _ in range(40):
        _, tags = sequence(rng)
        said = list(tags)
        for i in range(len(said)):
            if rng.random() < 0.2:
                said[i] = rng.choice(TAGS)
        # seqeval's strict mode leaves out what starts with I: ours counts it as a span, so none is.
        for i in range(len(said)):
            if said[i][0] == "I" and (i == 0 or said[i - 1][2:] != said[i][2:]):
                said[i] = "B" + said[i][1:]
        texts.append(tags)
        found.append(said)
    kwargs = {"mode": "strict", "scheme": IOB2}
    report = classification_report(texts, found, output_dict=True, **kwargs)
    return {
        "true": texts,
        "predicted": found,
        "precision": precision_score(texts, found, **kwargs),
        "recall": recall_score(texts, found, **kwargs),
        "f1": f1_score(texts, found, **kwargs),
        "f1OfLabels": [report[name]["f1-score"] for name in ("a", "b")],
    }


def main():
    data = [sequence(random.Random(seed)) for seed in range(40)]
    fixture = {
        "tags": TAGS,
        "sequences": [{"tokens": tokens, "tags": tags} for tokens, tags in data],
        "optima": [optimum(data, 0, 0.1), optimum(data, 0.3, 0.05)],
    }
    write(ROOT / "learners/fixtures/sequences.json", fixture)
    write(ROOT / "metrics/fixtures/spans.json", spans(random.Random(7)))


def write(path, content):
    path.write_text(json.dumps(content, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
