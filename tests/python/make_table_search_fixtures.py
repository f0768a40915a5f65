"""What Optuna finds with LightGBM on tables of diabetes: the best AUC of searches by seed.

    deno run -A tests/training/write_pima_twin.ts twin.csv
    python tests/python/make_table_search_fixtures.py \
        tests/training/fixtures/search.json pima=diabetes.csv twin=twin.csv

Runs in an environment with tests/python/requirements-search.txt; takes about a minute.
"""

import json
import sys
import warnings

import lightgbm
import numpy as np
import optuna
from sklearn.metrics import roc_auc_score

warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)

TRIALS, SEEDS, FOLDS = 20, range(5), 5
# A measurement of 0 was not taken.
MISSING = ["Glucose", "BloodPressure", "SkinThickness", "Insulin", "BMI"]


def read(path):
    with open(path) as file:
        names = file.readline().strip().split(",")
        rows = np.array([[float(cell) for cell in line.split(",")] for line in file])
    for name in MISSING:
        column = rows[:, names.index(name)]
        column[column == 0] = np.nan
    return rows[:, :-1], rows[:, -1].astype(int)


def best(X, y, seed):
    fold_of = np.arange(len(y)) % FOLDS

    def objective(trial):
        rounds = trial.suggest_int("nEstimators", 10, 60)
        params = {
            "objective": "binary", "verbose": -1, "num_threads": 1, "seed": seed,
            "learning_rate": trial.suggest_float("learningRate", 0.02, 0.3, log=True),
            "num_leaves": trial.suggest_int("numLeaves", 3, 31, log=True),
            "min_data_in_leaf": trial.suggest_int("minDataInLeaf", 3, 60),
            "lambda_l2": trial.suggest_float("regLambda", 1e-3, 10, log=True),
        }
        scores = []
        for fold in range(FOLDS):
            train, test = fold_of != fold, fold_of == fold
            model = lightgbm.train(params, lightgbm.Dataset(X[train], y[train]), rounds)
            scores.append(roc_auc_score(y[test], model.predict(X[test])))
        return float(np.mean(scores))

    study = optuna.create_study(
        direction="maximize",
        sampler=optuna.samplers.TPESampler(seed=seed, multivariate=True, group=True))
    study.optimize(objective, n_trials=TRIALS)
    return study.best_value


def main():
    out, *tables = sys.argv[1:]
    found = {"trials": TRIALS, "versions": {"optuna": optuna.__version__,
                                            "lightgbm": lightgbm.__version__}}
    for table in tables:
        name, path = table.split("=")
        found[name] = [best(*read(path), seed) for seed in SEEDS]
    with open(out, "w") as file:
        json.dump(found, file, indent=1)
        file.write("\n")


main()
