"""Cross-validates LightGBM on folds that a test wrote.

    .venv/bin/python tests/python/boosting_auc.py FOLDER

FOLDER/X.f32 holds the features column by column, y.i32 the classes, fold.i32 the
fold of each row, params.json LightGBM's parameters and the number of columns.
Writes the AUC of each fold as JSON.
"""

import json
import sys
from pathlib import Path

import lightgbm
import numpy as np
from sklearn.metrics import roc_auc_score

folder = Path(sys.argv[1])
settings = json.loads((folder / "params.json").read_text())
X = np.fromfile(folder / "X.f32", np.float32).reshape(settings["columns"], -1).T
y = np.fromfile(folder / "y.i32", np.int32)
fold = np.fromfile(folder / "fold.i32", np.int32)
scores = []
for k in range(fold.max() + 1):
    model = lightgbm.LGBMClassifier(n_jobs=1, verbose=-1, **settings["params"])
    model.fit(X[fold != k], y[fold != k])
    scores.append(roc_auc_score(y[fold == k], model.predict_proba(X[fold == k])[:, 1]))
json.dump(scores, sys.stdout)
