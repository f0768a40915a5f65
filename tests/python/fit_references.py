"""Cross-validates scikit-learn's forest and XGBoost on folds that a test wrote.

    .venv/bin/python tests/python/fit_references.py FOLDER

FOLDER/folds.json: [{"train": rows, "test": rows, "columns": n}]; for fold i the
files i_train.f32 and i_test.f32 hold the features column by column, i_train.i32
and i_test.i32 the classes. Writes JSON: mean macro-F1 of each learner.
"""

import json
import os
import sys

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import f1_score
from xgboost import XGBClassifier

folder = sys.argv[1]
folds = json.load(open(os.path.join(folder, "folds.json")))
learners = {
    "RandomForest": lambda: RandomForestClassifier(random_state=42, n_jobs=2),
    "GradientBoosting": lambda: XGBClassifier(
        n_estimators=100, max_depth=6, learning_rate=0.3, tree_method="hist", n_jobs=2
    ),
}


def part(i, name, rows, columns):
    path = os.path.join(folder, f"{i}_{name}")
    X = np.fromfile(path + ".f32", np.float32).reshape(columns, rows).T
    return X, np.fromfile(path + ".i32", np.int32)


scores = {name: [] for name in learners}
for i, fold in enumerate(folds):
    X, y = part(i, "train", fold["train"], fold["columns"])
    X_test, y_test = part(i, "test", fold["test"], fold["columns"])
    for name, make in learners.items():
        predicted = make().fit(X, y).predict(X_test)
        scores[name].append(f1_score(y_test, predicted, average="macro"))
json.dump({name: float(np.mean(values)) for name, values in scores.items()}, sys.stdout)
