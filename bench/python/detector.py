"""Fits scikit-learn's isolation forest, or scores rows that it has not seen."""

import joblib
from side import answer, arguments, measured, read_part
from sklearn.ensemble import IsolationForest


def main():
    options = arguments()
    X, _ = read_part(options["folder"], "numeric", "train")
    X_test, _ = read_part(options["folder"], "numeric", "test")

    def fit():
        return IsolationForest(
            n_estimators=options["trees"],
            n_jobs=options["threads"],
            random_state=options["seed"],
        ).fit(X)

    def score(model):
        # Its scoring takes threads from joblib, not from n_jobs.
        with joblib.parallel_backend("threading", n_jobs=options["threads"]):
            return -model.score_samples(X_test)

    if options["task"] == "fit":
        seconds, megabytes, model = measured(fit)
        scores = score(model)
    else:
        model = fit()
        seconds, megabytes, scores = measured(lambda: score(model))
    answer(seconds, megabytes, float(scores.mean()))


main()
