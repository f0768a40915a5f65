"""A whole search of 50 trials with Optuna and LightGBM: as many trials side by side as there are
threads, each fit on one, which is faster here than all threads on one fit after the other."""

import numpy as np
from side import answer, arguments, measured, read_part

TRIALS = 50


def main():
    # Imported here: the memory of a process is that of the libraries it measures.
    import lightgbm
    import optuna
    from sklearn.metrics import roc_auc_score

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    options = arguments()
    threads, seed = options["threads"], options["seed"]
    X, labels = read_part(options["folder"], "credit", "train")
    y = (labels == 0).astype(np.int32)
    fold_of = np.fromfile(f"{options['folder']}/credit_folds.i32", "<i4")
    folds = [(np.flatnonzero(fold_of != f), np.flatnonzero(fold_of == f)) for f in range(5)]
    bins = {"verbose": -1, "num_threads": 1, "feature_pre_filter": False}

    def dataset(train):
        return lightgbm.Dataset(X[train], y[train], params=bins, free_raw_data=False).construct()

    def search():
        kept = [dataset(train) for train, _ in folds] if options["bins"] == "kept" else None

        def objective(trial):
            rounds = trial.suggest_int("n_estimators", 20, 120)
            params = {
                "objective": "binary", "seed": seed, **bins,
                "learning_rate": trial.suggest_float("learning_rate", 0.02, 0.3, log=True),
                "num_leaves": trial.suggest_int("num_leaves", 4, 63, log=True),
                "min_data_in_leaf": trial.suggest_int("min_data_in_leaf", 5, 60),
                "feature_fraction": trial.suggest_float("feature_fraction", 0.5, 1),
                "lambda_l2": trial.suggest_float("lambda_l2", 1e-3, 10, log=True),
            }
            scores = []
            for fold, (train, test) in enumerate(folds):
                rows = kept[fold] if kept else dataset(train)
                model = lightgbm.train(params, rows, rounds)
                scores.append(roc_auc_score(y[test], model.predict(X[test], num_threads=1)))
                trial.report(float(np.mean(scores)), fold + 1)
                if fold < 4 and trial.should_prune():
                    raise optuna.TrialPruned
            return float(np.mean(scores))

        pruner = {"none": optuna.pruners.NopPruner, "median": optuna.pruners.MedianPruner}
        study = optuna.create_study(
            direction="maximize", sampler=optuna.samplers.TPESampler(seed=seed),
            pruner=pruner[options["pruner"]](),
        )
        study.optimize(objective, n_trials=TRIALS, n_jobs=threads)
        return study.best_value

    seconds, megabytes, best = measured(search)
    answer(seconds, megabytes, best)


main()
