"""Writes tests/explain/fixtures/shap.json: small scikit-learn and XGBoost models as the arrays of
src/trees/ensemble.ts, some rows, and the values that the shap package gives them."""

import json
from pathlib import Path

import numpy as np
import shap
import xgboost as xgb
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.tree import DecisionTreeClassifier

FIXTURE = Path(__file__).parents[1] / "explain" / "fixtures" / "shap.json"


def at_most(threshold):
    """The greatest Float32 that is not above a Float64 threshold."""
    rounded = np.float32(threshold)
    return np.nextafter(rounded, np.float32(-np.inf)) if rounded > threshold else rounded


def below(threshold):
    """The greatest Float32 below a Float32 threshold."""
    return np.nextafter(np.float32(threshold), np.float32(-np.inf))


def ensemble(features, outputs, **rest):
    empty = {name: [] for name in (
        "roots", "feature", "threshold", "left", "right", "missingLeft", "cover", "leaves",
        "treeOutput",
    )}
    return {"features": features, "outputs": outputs, **empty, **rest}


def from_sklearn(trees, features, outputs):
    flat = ensemble(features, outputs, leafWidth=outputs, base=[0.0] * outputs,
                    scale=1 / len(trees), link="identity")
    for model in trees:
        tree = model.tree_
        root = len(flat["feature"])
        flat["roots"].append(root)
        values = tree.value[:, 0, :]
        for n in range(tree.node_count):
            leaf = tree.children_left[n] < 0
            flat["feature"].append(-1 if leaf else int(tree.feature[n]))
            flat["threshold"].append(0.0 if leaf else float(at_most(tree.threshold[n])))
            flat["left"].append(len(flat["leaves"]) // outputs if leaf
                                else root + int(tree.children_left[n]))
            flat["right"].append(0 if leaf else root + int(tree.children_right[n]))
            flat["missingLeft"].append(0 if leaf else int(tree.missing_go_to_left[n]))
            flat["cover"].append(float(tree.weighted_n_node_samples[n]))
            if leaf:
                flat["leaves"].extend(values[n].tolist())
    return flat


def from_xgboost(booster, features, outputs, base):
    flat = ensemble(features, outputs, leafWidth=1, base=base, scale=1.0,
                    link="softmax" if outputs > 1 else "logistic")
    for t, text in enumerate(booster.get_dump(dump_format="json", with_stats=True)):
        root = len(flat["feature"])
        flat["roots"].append(root)
        if outputs > 1:
            flat["treeOutput"].append(t % outputs)
        nodes = {}

        def collect(node):
            nodes[node["nodeid"]] = node
            for child in node.get("children", []):
                collect(child)

        collect(json.loads(text))
        place = {name: root + i for i, name in enumerate(sorted(nodes))}
        for name in sorted(nodes):
            node = nodes[name]
            leaf = "leaf" in node
            flat["feature"].append(-1 if leaf else int(node["split"][1:]))
            flat["threshold"].append(0.0 if leaf else float(below(node["split_condition"])))
            flat["left"].append(len(flat["leaves"]) if leaf else place[node["yes"]])
            flat["right"].append(0 if leaf else place[node["no"]])
            flat["missingLeft"].append(0 if leaf else int(node["missing"] == node["yes"]))
            flat["cover"].append(node["cover"])
            if leaf:
                flat["leaves"].append(node["leaf"])
    return flat


def base_margin(booster, outputs):
    """What XGBoost adds before any tree, from a prediction and the leaves that it sums."""
    config = json.loads(booster.save_config())["learner"]["learner_model_param"]["base_score"]
    scores = np.array(json.loads(config) if config.startswith("[") else [float(config)])
    if outputs == 1:
        return [float(np.log(scores[0] / (1 - scores[0])))]
    return np.broadcast_to(scores, outputs).astype(float).tolist()


def case(name, trees, X, values, expected):
    values = np.asarray(values, dtype=float)
    if values.ndim == 2:
        values = values[:, :, None]
    return {
        "name": name,
        "trees": trees,
        "X": [[None if np.isnan(v) else float(v) for v in row] for row in X],
        # Output by output, feature by feature.
        "values": values.transpose(2, 1, 0).ravel().tolist(),
        "expected": np.atleast_1d(np.asarray(expected, dtype=float)).tolist(),
    }


def explained(model, X):
    explainer = shap.TreeExplainer(model, feature_perturbation="tree_path_dependent")
    return explainer.shap_values(X, check_additivity=False), explainer.expected_value


def main():
    random = np.random.default_rng(42)
    X = random.normal(size=(300, 6)).astype(np.float32)
    X[:, 4] = X[:, 4] > 0.3
    X[:, 5] = random.integers(0, 4, 300)
    y = (X[:, 0] + X[:, 1] * X[:, 4] + 0.3 * random.normal(size=300) > 0).astype(int)
    y += (X[:, 2] > 0.7).astype(int)
    missing = X.copy()
    missing[random.random(X.shape) < 0.15] = np.nan
    rows = slice(0, 12)
    cases = []

    forest = RandomForestClassifier(8, random_state=0).fit(X, y)
    cases.append(case("random forest of three classes, fully grown",
                      from_sklearn(forest.estimators_, 6, 3), X[rows], *explained(forest, X[rows])))

    deep = DecisionTreeClassifier(random_state=1).fit(X[:, :1], random.integers(0, 2, 300))
    cases.append(case("one feature tested again and again",
                      from_sklearn([deep], 1, 2), X[rows, :1], *explained(deep, X[rows, :1])))

    regression = RandomForestRegressor(5, max_depth=4, random_state=0).fit(X, X[:, 0] * X[:, 1])
    cases.append(case("random forest regression",
                      from_sklearn(regression.estimators_, 6, 1), X[rows],
                      *explained(regression, X[rows])))

    for name, target, outputs, data in [
        ("boosting of three classes, with missing values", y, 3, missing),
        ("boosting of two classes, with missing values", (y > 0).astype(int), 1, missing),
    ]:
        parameters = {"max_depth": 4, "objective": "multi:softprob", "num_class": 3}
        if outputs == 1:
            parameters = {"max_depth": 6, "objective": "binary:logistic"}
        booster = xgb.train(parameters, xgb.DMatrix(data, target), num_boost_round=6)
        values, expected = explained(booster, data[rows])
        trees = from_xgboost(booster, 6, outputs, base_margin(booster, outputs))
        cases.append(case(name, trees, data[rows], values, expected))

    FIXTURE.parent.mkdir(parents=True, exist_ok=True)
    FIXTURE.write_text(json.dumps({"cases": cases}, indent=2) + "\n")


if __name__ == "__main__":
    main()
