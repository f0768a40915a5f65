"""Trains spaCy's blank English pipeline with `ner` for ten rounds, and keeps it for its server."""

import json
import random
import sys
from pathlib import Path

import spacy
from spacy.training import Example

folder = Path(json.loads(sys.argv[1])["folder"])
learned = json.loads((folder / "learned_ner.json").read_text())
nlp = spacy.blank("en")
ner = nlp.add_pipe("ner")
examples = []
for one in learned:
    spans = [(s["start"], s["end"], s["label"]) for s in one["entities"]]
    doc = nlp.make_doc(one["text"])
    # Spans that its tokenizer cuts are left out, as spaCy's own converter does.
    whole = [s for s in spans if doc.char_span(s[0], s[1]) is not None]
    for _, _, label in whole:
        ner.add_label(label)
    examples.append(Example.from_dict(doc, {"entities": whole}))
optimizer = nlp.initialize(lambda: examples)
for round in range(10):
    random.Random(round).shuffle(examples)
    for at in range(0, len(examples), 64):
        nlp.update(examples[at : at + 64], sgd=optimizer, drop=0.2)
nlp.to_disk(folder / "spacy_model")
