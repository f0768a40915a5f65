"""How often scikit-learn's LinearSVC over TF-IDF is right on held-out texts.

    .venv/bin/python tests/python/classify_texts.py TRAIN.csv TEST.csv

Both files have the columns text and category. Writes the accuracy as JSON.
"""

import csv
import json
import sys

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [row["text"] for row in rows], [row["category"] for row in rows]


train, test = map(read, sys.argv[1:])
features = make_union(
    TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
    TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2),
)
model = make_pipeline(features, LinearSVC(C=0.3)).fit(*train)
json.dump({"accuracy": model.score(*test)}, sys.stdout)
