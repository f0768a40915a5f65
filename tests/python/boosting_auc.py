"""Cross-validates LightGBM on folds that a test wrote.

    .venv/bin/python tests/python/boosting_auc.py FOLDER

FOLDER/X.f32 holds the features column by column, y.i32 the classes, fold.i32 the
fold of each row, params.json LightGBM's parameters, the number of columns and, where there are any,
the columns of categories.
y.f64 instead of y.i32 holds numbers to predict.
Writes the AUC of each fold, of numbers the RMSE, as JSON.
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
numbers = (folder / "y.f64").exists()
y = np.fromfile(folder / "y.f64") if numbers else np.fromfile(folder / "y.i32", np.int32)
learner = lightgbm.LGBMRegressor if numbers else lightgbm.LGBMClassifier
fold = np.fromfile(folder / "fold.i32", np.int32)
scores = []
for k in range(fold.max() + 1):
    model = learner(n_jobs=1, verbose=-1, **settings["params"])
    model.fit(X[fold != k], y[fold != k],
              categorical_feature=settings.get("categorical", "auto"))
    test = fold == k
    if numbers:
        scores.append(float(np.sqrt(np.mean((model.predict(X[test]) - y[test]) ** 2))))
    else:
        scores.append(roc_auc_score(y[test], model.predict_proba(X[test])[:, 1]))
json.dump(scores, sys.stdout)
