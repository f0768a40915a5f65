"""The peer FastAPI + sklearn-crfsuite: tokens by a regular expression, templates of the same sort."""

import re

import sklearn_crfsuite
from fastapi import FastAPI

from serving_texts_ner import Answer, Entity, Record, learned

TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_")


def shape(word):
    return re.sub(r"\d", "0", re.sub(r"[a-z]", "x", re.sub(r"[A-Z]", "X", word)))


def features(words):
    found = []
    for i, word in enumerate(words):
        own = ["always"]
        for d in (-2, -1, 0, 1, 2):
            at = i + d
            other = words[at] if 0 <= at < len(words) else "<edge>"
            own += [f"w{d}={other.lower()}", f"s{d}={shape(other)}"]
            if abs(d) <= 1:
                own += [f"f{d}={other}", *(f"x{d}={other.lower()[-n:]}" for n in (1, 2, 3, 4))]
        own += [f"p={word.lower()[:n]}" for n in (1, 2, 3, 4)]
        found.append(own)
    return found


def tagged(text, spans):
    tokens = list(TOKEN.finditer(text))
    tags = []
    for token in tokens:
        span = next((s for s in spans if s["start"] <= token.start() < s["end"]), None)
        tags.append(
            "O" if span is None else ("B-" if token.start() == span["start"] else "I-") + span["label"]
        )
    return [token.group() for token in tokens], tags


data = [tagged(one["text"], one["entities"]) for one in learned]
model = sklearn_crfsuite.CRF(algorithm="lbfgs", c1=0.1, c2=0.05, max_iterations=100)
model.fit([features(words) for words, _ in data], [tags for _, tags in data])
app = FastAPI()


@app.post("/predict")
async def predict(record: Record) -> Answer:
    tokens = list(TOKEN.finditer(record.text))
    (tags,) = model.predict([features([token.group() for token in tokens])])
    entities = []
    for token, tag in zip(tokens, tags):
        if tag[0] == "B":
            entities.append([token.start(), token.end(), tag[2:]])
        elif tag[0] == "I" and entities:
            entities[-1][1] = token.end()
    return Answer(
        entities=[
            Entity(start=start, end=end, label=label, text=record.text[start:end])
            for start, end, label in entities
        ]
    )
