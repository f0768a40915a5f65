"""Explains held-out rows with the shap package, which asks XGBoost itself for XGBoost's models."""

import joblib
import numpy as np
import shap
from side import answer, arguments, measured, read_part

options = arguments()
folder, name = options["folder"], options["model"]
X, _ = read_part(folder, "credit", "test")
explainer = shap.TreeExplainer(
    joblib.load(f"{folder}/{name}.joblib"), feature_perturbation="tree_path_dependent"
)
seconds, megabytes, values = measured(lambda: explainer.shap_values(X, check_additivity=False))
reference = np.fromfile(f"{folder}/{name}_values.f32", "<f4")
compared = min(len(X), 200)
ours = values[:compared].transpose(2, 1, 0).ravel()
answer(seconds, megabytes, float(np.abs(ours - reference).max()))
