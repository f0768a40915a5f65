"""Fits the models whose trees both sides explain, and writes them as the arrays of
src/trees/ensemble.ts with the peer's values for the first rows."""

import json
import sys
from pathlib import Path

import joblib
import numpy as np
import shap
from side import arguments, read_part
from sklearn.ensemble import RandomForestClassifier
from xgboost import XGBClassifier

# The fixtures of the tests are written with the same conversion.
sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "python"))
from make_explain_fixtures import base_margin, from_sklearn, from_xgboost  # noqa: E402

COMPARED = 200


def save(folder, name, model, trees, X):
    joblib.dump(model, folder / f"{name}.joblib")
    (folder / f"{name}.json").write_text(json.dumps(trees))
    explainer = shap.TreeExplainer(model, feature_perturbation="tree_path_dependent")
    values = explainer.shap_values(X[:COMPARED], check_additivity=False)
    np.ascontiguousarray(values.transpose(2, 1, 0), "<f4").tofile(folder / f"{name}_values.f32")


def main():
    options = arguments()
    folder = Path(options["folder"])
    X, y = read_part(folder, "credit", "train")
    X_test, _ = read_part(folder, "credit", "test")
    features, classes = X.shape[1], int(y.max()) + 1

    boosting = XGBClassifier(
        n_estimators=100, max_depth=6, learning_rate=0.1, tree_method="hist",
        n_jobs=options["threads"],
    ).fit(X, y)
    booster = boosting.get_booster()
    trees = from_xgboost(booster, features, classes, base_margin(booster, classes))
    save(folder, "shap_boosting", boosting, trees, X_test)

    forest = RandomForestClassifier(
        100, max_depth=8, random_state=42, n_jobs=options["threads"]
    ).fit(X, y)
    trees = from_sklearn(forest.estimators_, features, classes)
    save(folder, "shap_forest", forest, trees, X_test)


main()
