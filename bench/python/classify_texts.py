"""Fits scikit-learn's LinearSVC over TF-IDF of words and letters. The quality is the macro-F1."""

import json
from pathlib import Path

from side import answer, arguments, measured
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

options = arguments()
train, test = (
    json.loads((Path(options["folder"]) / f"{options['data']}_{part}.json").read_text())
    for part in ("train", "test")
)


def columns(rows):
    return [one["text"] for one in rows], [one["category"] for one in rows]


def fit():
    features = make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2),
    )
    return make_pipeline(features, LinearSVC(C=0.3)).fit(*columns(train))


seconds, megabytes, model = measured(fit)
texts, truth = columns(test)
answer(seconds, megabytes, f1_score(truth, model.predict(texts), average="macro"))
