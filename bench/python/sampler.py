"""Balances the training rows with a sampler of imbalanced-learn, its neighbours on all threads."""

from imblearn.over_sampling import ADASYN, SMOTE, BorderlineSMOTE
from side import answer, arguments, measured, read_part
from sklearn.neighbors import NearestNeighbors

options = arguments()
seed = options["seed"]


def neighbours(k):
    # One more than asked for: the row itself comes first.
    return NearestNeighbors(n_neighbors=k + 1, n_jobs=options["threads"])


samplers = {
    "SMOTE": lambda: SMOTE(k_neighbors=neighbours(5), random_state=seed),
    "ADASYN": lambda: ADASYN(n_neighbors=neighbours(5), random_state=seed),
    "BorderlineSMOTE": lambda: BorderlineSMOTE(
        k_neighbors=neighbours(5), m_neighbors=neighbours(10), random_state=seed
    ),
}
X, y = read_part(options["folder"], "credit", "train")
seconds, megabytes, (_, sampled) = measured(lambda: samplers[options["sampler"]]().fit_resample(X, y))
answer(seconds, megabytes, len(sampled))
