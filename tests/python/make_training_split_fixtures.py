"""Writes tests/dataset/fixtures/plain_splits.json: folds of scikit-learn without shuffling."""

import json
import pathlib

import numpy as np
from sklearn.model_selection import GroupKFold, KFold, TimeSeriesSplit

groups = np.array([0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 3, 3, 3, 4, 5, 5, 6])
cases = {
    "k_fold": [
        {"rows": rows, "folds": k, "tests": [t.tolist() for _, t in KFold(k).split(np.zeros(rows))]}
        for rows, k in [(10, 3), (17, 5), (4, 4)]
    ],
    "group_k_fold": {
        "groups": groups.tolist(),
        "sizes": {
            str(k): sorted(len(t) for _, t in GroupKFold(k).split(groups, groups=groups))
            for k in (2, 3, 4)
        },
    },
    "rolling_origin": [
        {
            "rows": rows,
            "folds": k,
            "splits": [
                [train.tolist(), test.tolist()]
                for train, test in TimeSeriesSplit(k).split(np.zeros(rows))
            ],
        }
        for rows, k in [(10, 3), (17, 5), (6, 2)]
    ],
}
path = pathlib.Path(__file__).parent.parent / "dataset" / "fixtures" / "plain_splits.json"
path.parent.mkdir(exist_ok=True)
path.write_text(json.dumps(cases) + "\n")
