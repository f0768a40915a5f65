"""Macro-F1 of scikit-learn's random forest on features that a test wrote.

Reads a folder with features.f32 (column-major), labels.i32, groups.i32 and
prints {"random": …, "grouped": …}: rows split at random, and whole groups held
out.
"""

import json
import pathlib
import sys

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import f1_score
from sklearn.model_selection import (
    StratifiedGroupKFold,
    StratifiedKFold,
    cross_val_predict,
)

folder = pathlib.Path(sys.argv[1])
y = np.fromfile(folder / "labels.i32", dtype="<i4")
groups = np.fromfile(folder / "groups.i32", dtype="<i4")
X = np.fromfile(folder / "features.f32", dtype="<f4").reshape(-1, y.size).T
splits = {
    "random": StratifiedKFold(3, shuffle=True, random_state=0).split(X, y),
    "grouped": StratifiedGroupKFold(3, shuffle=True, random_state=0).split(X, y, groups),
}
forest = RandomForestClassifier(40, random_state=0, n_jobs=-1)
scores = {
    name: f1_score(y, cross_val_predict(forest, X, y, cv=list(split)), average="macro")
    for name, split in splits.items()
}
print(json.dumps(scores))
