"""What the peers that find spans share: texts with spans, the record, the answer."""

import json
import os
from pathlib import Path

from pydantic import BaseModel

learned = json.loads((Path(os.environ["SERVING_FOLDER"]) / "learned_ner.json").read_text())


class Record(BaseModel):
    text: str


class Entity(BaseModel):
    start: int
    end: int
    label: str
    text: str


class Answer(BaseModel):
    entities: list[Entity]
