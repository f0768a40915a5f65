"""Fits a peer's learner, or predicts with it, and scores it on held-out rows."""

from side import answer, arguments, measured, read_part


def make(library, params, threads, seed):
    # Imported here: the memory of a process is that of the library it measures.
    if library == "scikit-learn":
        from sklearn.ensemble import RandomForestClassifier

        return RandomForestClassifier(**params, n_jobs=threads, random_state=seed)
    if library == "XGBoost":
        from xgboost import XGBClassifier

        return XGBClassifier(**params, tree_method="hist", n_jobs=threads, random_state=seed)
    from lightgbm import LGBMClassifier

    return LGBMClassifier(**params, n_jobs=threads, random_state=seed, verbose=-1)


def main():
    options = arguments()
    X, y = read_part(options["folder"], options["data"], "train")
    X_test, y_test = read_part(options["folder"], options["data"], "test")

    def fit():
        model = make(options["library"], options["params"], options["threads"], options["seed"])
        return model.fit(X, y)

    if options["task"] == "predict":
        model = fit()
        seconds, megabytes, predicted = measured(lambda: model.predict(X_test))
    else:
        seconds, megabytes, model = measured(fit)
        predicted = model.predict(X_test) if options["quality"] == "macro-F1" else None

    from sklearn.metrics import f1_score, log_loss

    if options["quality"] == "macro-F1":
        quality = f1_score(y_test, predicted, average="macro")
    else:
        quality = log_loss(y_test, model.predict_proba(X_test))
    answer(seconds, megabytes, float(quality))


main()
