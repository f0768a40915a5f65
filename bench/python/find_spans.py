"""Fits sklearn-crfsuite, with templates of the same sort as our usual ones, or spaCy's blank
pipeline for ten rounds, to texts with spans, tokens between blanks. The quality is the exact F1."""

import json
import random
import re
from pathlib import Path

from side import answer, arguments, measured

options = arguments()
train, test = (
    json.loads((Path(options["folder"]) / f"{options['data']}_{part}.json").read_text())
    for part in ("train", "test")
)


def shape(word):
    return re.sub(r"\d", "0", re.sub(r"[a-z]", "x", re.sub(r"[A-Z]", "X", word)))


def features(words):
    found = []
    for i, word in enumerate(words):
        own = ["always"]
        for d in (-2, -1, 0, 1, 2):
            at = i + d
            other = words[at] if 0 <= at < len(words) else "<edge>"
            own += [f"w{d}={re.sub(r'[0-9]', '0', other.lower())}", f"s{d}={shape(other)}"]
            if abs(d) <= 1:
                own += [f"f{d}={other}", *(f"x{d}={other.lower()[-n:]}" for n in (1, 2, 3, 4))]
                own += [f"o{d}={re.sub(r'(.)' + chr(92) + '1+', chr(92) + '1', shape(other))}"]
            if d in (-1, 0):
                follows = words[at + 1] if 0 <= at + 1 < len(words) else "<edge>"
                own += [f"w{d}w{d + 1}={other.lower()} {follows.lower()}"]
        own += [f"p={word.lower()[:n]}" for n in (1, 2, 3, 4)]
        found.append(own)
    return found


def tokens(one):
    return list(re.finditer(r"\S+", one["text"]))


def tags(one):
    found = []
    for token in tokens(one):
        span = next((s for s in one["entities"] if s["start"] <= token.start() < s["end"]), None)
        found.append("O" if span is None else
                     ("B-" if token.start() == span["start"] else "I-") + span["label"])
    return found


def spans(tags):
    found, open_ = set(), None
    for i, tag in enumerate([*tags, "O"]):
        if open_ is not None and not (tag[0] == "I" and tag[2:] == open_[1]):
            found.add((open_[0], i, open_[1]))
            open_ = None
        if tag[0] == "B" or (tag[0] == "I" and open_ is None):
            open_ = (i, tag[2:])
    return found


def f1(said):
    right = found = true = 0
    known = {s["label"] for one in train for s in one["entities"]}
    for one, own in zip(test, said):
        truth = {s for s in spans(tags(one)) if s[2] in known}
        right += len(truth & own)
        found += len(own)
        true += len(truth)
    return 2 * right / (found + true)


def crfsuite():
    import sklearn_crfsuite

    X = [features([t.group() for t in tokens(one)]) for one in train]
    model = sklearn_crfsuite.CRF(algorithm="lbfgs", c1=0.1, c2=0.05, max_iterations=100)
    model.fit(X, [tags(one) for one in train])
    return lambda: [
        spans(own)
        for own in model.predict([features([t.group() for t in tokens(one)]) for one in test])
    ]


def spacy_blank():
    import spacy
    from spacy.tokens import Doc
    from spacy.training import Example, iob_to_biluo

    nlp = spacy.blank("en")
    doc = lambda one: Doc(nlp.vocab, words=[t.group() for t in tokens(one)])
    ner = nlp.add_pipe("ner")
    for label in sorted({s["label"] for one in train for s in one["entities"]}):
        ner.add_label(label)
    examples = [Example.from_dict(doc(one), {"entities": iob_to_biluo(tags(one))}) for one in train]
    optimizer = nlp.initialize(lambda: examples)
    for epoch in range(10):
        random.Random(epoch).shuffle(examples)
        for at in range(0, len(examples), 64):
            nlp.update(examples[at : at + 64], sgd=optimizer, drop=0.2)
    return lambda: [{(e.start, e.end, e.label_) for e in nlp(doc(one)).ents} for one in test]


seconds, megabytes, say = measured(crfsuite if options["peer"] == "crfsuite" else spacy_blank)
answer(seconds, megabytes, f1(say()))
