"""The train pipeline's job as one writes it in Python: cross_validate over pipelines of a sampler
and a learner, folds in parallel, then the best fitted to all rows with all threads."""

import warnings

import numpy as np
from imblearn.over_sampling import ADASYN, SMOTE, BorderlineSMOTE, RandomOverSampler
from imblearn.pipeline import Pipeline
from side import FamilyMemory, answer, arguments, measured, read_part
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import cross_validate
from xgboost import XGBClassifier

METRICS = ["f1_macro", "accuracy", "precision_macro", "recall_macro"]
SAMPLERS = {
    "Baseline": lambda seed: "passthrough",
    "Over": lambda seed: RandomOverSampler(random_state=seed),
    "SMOTE": lambda seed: SMOTE(random_state=seed),
    "ADASYN": lambda seed: ADASYN(random_state=seed),
    "BorderlineSMOTE": lambda seed: BorderlineSMOTE(random_state=seed),
}
LEARNERS = {
    "RandomForest": lambda seed, jobs: RandomForestClassifier(100, random_state=seed, n_jobs=jobs),
    "GradientBoosting": lambda seed, jobs: XGBClassifier(
        n_estimators=100, max_depth=6, learning_rate=0.3, tree_method="hist", random_state=seed,
        n_jobs=jobs,
    ),
}


def combination(sampler, learner, seed, jobs):
    return Pipeline([("sampler", SAMPLERS[sampler](seed)), ("learner", LEARNERS[learner](seed, jobs))])


def main():
    warnings.filterwarnings("ignore")
    options = arguments()
    seed = options["seed"]
    X, y = read_part(options["folder"], "credit", "train")
    fold_of = np.fromfile(f"{options['folder']}/credit_folds.i32", "<i4")
    folds = [(np.flatnonzero(fold_of != f), np.flatnonzero(fold_of == f)) for f in range(5)]
    # n_jobs=-1 forks: the workers count too. LOKY_MAX_CPU_COUNT holds it to the same threads.
    memory = FamilyMemory()

    def job():
        scores = {}
        for learner in LEARNERS:
            for sampler in SAMPLERS:
                # One thread inside a fold: the folds keep all cores busy.
                result = cross_validate(
                    combination(sampler, learner, seed, 1), X, y, cv=folds, scoring=METRICS,
                    return_train_score=True, n_jobs=-1,
                )
                scores[sampler, learner] = result["test_f1_macro"].mean()
        best = max(scores, key=scores.get)
        combination(*best, seed, options["threads"]).fit(X, y)
        return scores[best]

    seconds, megabytes, best = measured(job, lambda: memory.peak)
    answer(seconds, megabytes, float(best))


# Guarded: workers import this file.
if __name__ == "__main__":
    main()
