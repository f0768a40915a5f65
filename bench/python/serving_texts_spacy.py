"""The peer FastAPI + spaCy: the pipeline that serving_texts_spacy_learn.py trained."""

import os
from pathlib import Path

import spacy
from fastapi import FastAPI

from serving_texts_ner import Answer, Entity, Record

nlp = spacy.load(Path(os.environ["SERVING_FOLDER"]) / "spacy_model")
app = FastAPI()


@app.post("/predict")
async def predict(record: Record) -> Answer:
    return Answer(
        entities=[
            Entity(start=e.start_char, end=e.end_char, label=e.label_, text=e.text)
            for e in nlp(record.text).ents
        ]
    )
