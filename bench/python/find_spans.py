"""Fits sklearn-crfsuite, with the attributes of our usual templates, or spaCy's blank pipeline for
ten rounds, to texts with spans, tokens between blanks. The quality is the exact F1."""

import json
import random
import re
import unicodedata
from pathlib import Path

from side import answer, arguments, measured

options = arguments()
train, test = (
    json.loads((Path(options["folder"]) / f"{options['data']}_{part}.json").read_text())
    for part in ("train", "test")
)


def shape(word):
    return re.sub(r"\d", "0", re.sub(r"[^\W\d_]", lambda m: "X" if m[0].isupper() else "x", word))


def made_of(word):
    if word.isnumeric():
        return "number"
    if word.isalpha():
        if word.isupper():
            return "initial" if len(word) == 1 else "capitals"
        if word.islower():
            return "small"
        return "Title" if word[0].isupper() and word[1:].islower() else "Mixed"
    if not any(letter.isalnum() for letter in word):
        return "sign"
    if any(letter.isnumeric() for letter in word):
        return "mixed"
    return "Mixed" if any(letter.isupper() for letter in word) else "other"


def values(word):
    plain = unicodedata.normalize("NFKC", word)
    lower = plain.lower()
    return {
        "word": [re.sub(r"\d", "0", lower)],
        "form": [plain],
        "prefix": [lower[:n] for n in range(1, min(4, len(lower)) + 1)],
        "suffix": [lower[-n:] for n in range(1, min(4, len(lower)) + 1)],
        "shape": [re.sub(r"(.)\1{3,}", r"\1\1\1\1", shape(plain))],
        "outline": [re.sub(r"(.)\1+", r"\1", shape(plain))],
        "letters": [made_of(plain)],
    }


# The attributes of our usual templates, so that learners are compared and not what they read.
TEMPLATES = {
    "word": (-2, -1, 0, 1, 2), "form": (-1, 0, 1), "prefix": (0,), "suffix": (-1, 0, 1),
    "shape": (-2, -1, 0, 1, 2), "outline": (-1, 0, 1), "letters": (-2, -1, 0, 1, 2),
}
EDGES = {name: {of: [name] for of in TEMPLATES} for name in ("start", "end")}


def features(words):
    own = [values(word) for word in words]
    def at(i):
        return EDGES["start"] if i < 0 else EDGES["end"] if i >= len(own) else own[i]
    return [
        [
            "always",
            *(
                f"{of}{d}={value}"
                for of, distances in TEMPLATES.items() for d in distances
                for value in at(i + d)[of]
            ),
            *(f"word{d}&{at(i + d)['word'][0]}&{at(i + d + 1)['word'][0]}" for d in (-1, 0)),
        ]
        for i in range(len(words))
    ]


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
