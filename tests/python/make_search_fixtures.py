"""Reference values of hyper-parameter search, from Optuna and SciPy.

    python tests/python/make_search_fixtures.py tests/search/fixtures/optuna.json

Runs in an environment with tests/python/requirements-search.txt; takes about two minutes.
"""

import json
import math
import sys
import warnings

import numpy as np
import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.samplers._tpe.parzen_estimator import _ParzenEstimator, _ParzenEstimatorParameters
from optuna.samplers._tpe.sampler import _split_trials, default_gamma, default_weights
from optuna.trial import TrialState, create_trial
from scipy import stats

warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)

SEEDS = range(20)
TRIALS = 60


def rosenbrock(trial):
    x = [trial.suggest_float(f"x{i}", -2, 2) for i in range(3)]
    return sum(100 * (b - a * a) ** 2 + (1 - a) ** 2 for a, b in zip(x, x[1:]))


def branin(trial):
    x, y = trial.suggest_float("x", -5, 10), trial.suggest_float("y", 0, 15)
    b, c, t = 5.1 / (4 * math.pi**2), 5 / math.pi, 1 / (8 * math.pi)
    return (y - b * x * x + c * x - 6) ** 2 + 10 * (1 - t) * math.cos(x) + 10 - 0.397887


A = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8],
     [17, 8, 0.05, 10, 0.1, 14]]
P = [[1312, 1696, 5569, 124, 8283, 5886], [2329, 4135, 8307, 3736, 1004, 9991],
     [2348, 1451, 3522, 2883, 3047, 6650], [4047, 8828, 8732, 5743, 1091, 381]]


def hartmann6(trial):
    x = [trial.suggest_float(f"x{i}", 0, 1) for i in range(6)]
    total = 0.0
    for alpha, a, p in zip([1, 1.2, 3, 3.2], A, P):
        total += alpha * math.exp(-sum(u * (v - w / 1e4) ** 2 for u, v, w in zip(a, x, p)))
    return 3.32237 - total


def mixed(trial):
    """Scales of all kinds, and parameters that exist for one choice only."""
    rate = trial.suggest_float("rate", 1e-4, 1, log=True)
    leaves = trial.suggest_int("leaves", 2, 256, log=True)
    share = trial.suggest_float("share", 0.1, 1, step=0.1)
    value = (math.log10(rate) + 2) ** 2 + (math.log2(leaves) - 5) ** 2 / 4 + (share - 0.7) ** 2
    kind = trial.suggest_categorical("kind", ["a", "b", "c"])
    if kind == "a":
        return value + 0.2 + (trial.suggest_int("depth", 1, 12) - 7) ** 2 / 20
    if kind == "b":
        return value + (trial.suggest_float("penalty", 0, 1) - 0.3) ** 2
    return value + 1


FUNCTIONS = {"rosenbrock": rosenbrock, "branin": branin, "hartmann6": hartmann6, "mixed": mixed}


def bests(make_sampler):
    found = {}
    for name, function in FUNCTIONS.items():
        found[name] = []
        for seed in SEEDS:
            study = optuna.create_study(sampler=make_sampler(seed))
            study.optimize(function, n_trials=TRIALS)
            found[name].append(study.best_value)
    return found


def normal():
    points = [-40, -12, -5, -3.1, -3, -2.9, -1, -0.1, 0, 0.3, 2.9, 3.1, 6]
    ranges = [[-1, 2], [-9, -8.5], [5, 7], [20, 21], [-0.5, -0.4], [2.9, 3.3]]
    shares = [1e-9, 0.01, 0.3, 0.5, 0.9, 0.9999]
    return {
        "points": points,
        "logCumulative": [float(v) for v in stats.norm.logcdf(points)],
        "ranges": ranges,
        "logMass": [float(math.log(stats.norm.cdf(b) - stats.norm.cdf(a))) if b <= 0
                    else float(math.log(stats.norm.sf(a) - stats.norm.sf(b))) for a, b in ranges],
        "shares": shares,
        "cut": [[float(v) for v in stats.truncnorm.ppf(shares, a, b)] for a, b in ranges],
    }


def parzen():
    space = {
        "rate": FloatDistribution(1e-4, 1, log=True),
        "share": FloatDistribution(0.1, 1, step=0.1),
        "x": FloatDistribution(-2, 3),
        "leaves": IntDistribution(2, 256, log=True),
        "depth": IntDistribution(1, 13, step=2),
        "kind": CategoricalDistribution(["a", "b", "c"]),
    }
    rng = np.random.RandomState(1)

    def rows(count):
        # NumPy puts equal values in any order, and the order decides which of them has the
        # wider kernel: so no two rows share a value, of as many rows as there are values.
        leaves = 2 + rng.permutation(255)
        shares = np.resize(1 + rng.permutation(10), count)
        depths = np.resize(1 + 2 * rng.permutation(7), count)
        return [{
            "rate": float(10 ** rng.uniform(-4, 0)), "share": float(round(0.1 * shares[i], 1)),
            "x": float(rng.uniform(-2, 3)), "leaves": int(leaves[i]),
            "depth": int(depths[i]), "kind": "abc"[rng.randint(3)],
        } for i in range(count)]

    settings = _ParzenEstimatorParameters(1.0, True, False, default_weights, True)
    asked = rows(12)
    cases = []
    few = ["rate", "x", "leaves", "kind"]
    for count, names in [(0, list(space)), (1, list(space)), (2, list(space)), (7, list(space)),
                         (26, few), (60, few)]:
        part = {name: space[name] for name in names}

        def internal(all_rows):
            return {name: np.array([d.to_internal_repr(row[name]) for row in all_rows])
                    for name, d in part.items()}

        seen = rows(count)
        estimator = _ParzenEstimator(internal(seen), part, settings)
        cases.append({"names": names, "seen": seen,
                      "logDensity": [float(v) for v in estimator.log_pdf(internal(asked))]})
    return {"asked": asked, "cases": cases}


def weights_and_counts():
    return {"weights": {str(n): [float(v) for v in default_weights(n)] for n in [1, 24, 25, 26, 40]},
            "counts": [[n, default_gamma(n)] for n in [1, 10, 11, 60, 249, 251, 400]]}


def split():
    rng = np.random.RandomState(2)
    study = optuna.create_study()
    space = {"x": FloatDistribution(0, 1)}
    told = []
    for number in range(37):
        x = float(rng.rand())
        value = float(rng.randint(0, 6))
        steps = {int(s): float(rng.rand()) for s in range(rng.randint(0, 4))}
        state = TrialState.COMPLETE if number % 9 == 0 and number < 20 else TrialState.PRUNED
        study.add_trial(create_trial(
            params={"x": x}, distributions=space, state=state,
            value=value if state == TrialState.COMPLETE else None, intermediate_values=steps))
        told.append({"number": number, "params": {"x": x},
                     "state": "complete" if state == TrialState.COMPLETE else "pruned",
                     **({"value": value} if state == TrialState.COMPLETE else {}),
                     "reports": [{"step": s, "value": v} for s, v in steps.items()]})
    good, _ = _split_trials(study, study.trials, default_gamma(len(told)))
    return {"trials": told, "good": [trial.number for trial in good]}


def curves(count, steps, rng):
    ends = rng.uniform(0.5, 0.9, count)
    made = []
    for end in ends:
        curve = end * (1 - np.exp(-np.arange(1, steps + 1) / 3)) + 0.03 * rng.randn(steps)
        made.append([float(v) for v in curve])
    made[4][2] = math.nan
    return made


def decisions(pruner, all_curves, first, direction):
    """Which trials are given up, and where: the step of the last value that was told."""
    study = optuna.create_study(direction=direction, pruner=pruner)
    found = []
    for curve in all_curves:
        trial = study.ask()
        ended = None
        for step, value in enumerate(curve, first):
            trial.report(value, step)
            if trial.should_prune():
                ended = step
                break
        if ended is None:
            study.tell(trial, curve[-1])
        else:
            study.tell(trial, state=TrialState.PRUNED)
        found.append(ended)
    return found


def pruners():
    rng = np.random.RandomState(3)
    recorded = curves(40, 9, rng)
    cases = []
    for direction in ["maximize", "minimize"]:
        for startup, warmup, interval in [(5, 0, 1), (0, 3, 1), (4, 1, 3)]:
            pruner = optuna.pruners.MedianPruner(startup, warmup, interval)
            cases.append({
                "pruner": {"kind": "median", "startupTrials": startup, "warmupSteps": warmup,
                           "intervalSteps": interval},
                "direction": direction,
                "ended": decisions(pruner, recorded, 0, direction)})
    halving = []
    for direction in ["maximize", "minimize"]:
        for first, factor in [(1, 3), (2, 2), (1, 4)]:
            pruner = optuna.pruners.SuccessiveHalvingPruner(first, factor)
            halving.append({"firstStep": first, "factor": factor, "direction": direction,
                            "ended": decisions(pruner, recorded, 1, direction)})
    brackets = []
    for low, high, factor in [(1, 9, 3), (1, 100, 3), (2, 50, 4), (5, 5, 2)]:
        pruner = optuna.pruners.HyperbandPruner(low, high, factor)
        pruner._try_initialization(optuna.create_study())
        brackets.append({
            "options": {"minResource": low, "maxResource": high, "reductionFactor": factor},
            "shares": pruner._trial_allocation_budgets,
            "firstSteps": [p._min_resource * p._reduction_factor ** p._min_early_stopping_rate
                           for p in pruner._pruners]})
    blank = [[None if math.isnan(v) else v for v in curve] for curve in recorded]
    return {"curves": blank, "median": cases, "halving": halving, "brackets": brackets}


def importance():
    """The shares that Optuna's fANOVA finds, with ten seeds of its forest."""
    rng = np.random.RandomState(4)
    space = {"a": FloatDistribution(0, 1), "b": FloatDistribution(-1, 1), "c": IntDistribution(1, 9),
             "d": CategoricalDistribution(["u", "v", "w"])}
    study = optuna.create_study()
    told = []
    for number in range(120):
        params = {"a": float(rng.rand()), "b": float(rng.uniform(-1, 1)), "c": int(rng.randint(1, 10)),
                  "d": "uvw"[rng.randint(3)]}
        value = 3 * params["a"] ** 2 + params["b"] + 0.05 * params["c"] + 1.5 * (params["d"] == "v")
        study.add_trial(create_trial(params=params, distributions=space, value=value))
        told.append({"params": params, "value": value})
    shares = {name: [] for name in space}
    for seed in range(10):
        evaluator = optuna.importance.FanovaImportanceEvaluator(seed=seed)
        for name, share in evaluator.evaluate(study).items():
            shares[name].append(share)
    return {"trials": told, "shares": shares}


def comparisons():
    """The corrected resampled t-test (Nadeau and Bengio, 2003) by SciPy's t distribution."""
    rng = np.random.RandomState(5)
    cases = []
    for count, share, shift in [(2, 1.0, 0.1), (5, 0.25, 0.03), (10, 1 / 9, 0.0), (30, 0.25, 0.01)]:
        first = rng.normal(0.8 + shift, 0.02, count)
        second = rng.normal(0.8, 0.02, count)
        d = first - second
        error = math.sqrt((1 / count + share) * d.var(ddof=1))
        low, high = stats.t.interval(0.95, count - 1, loc=d.mean(), scale=error)
        cases.append({
            "first": first.tolist(), "second": second.tolist(), "testShare": share,
            "difference": float(d.mean()), "interval": [float(low), float(high)],
            "pValue": float(2 * stats.t.sf(abs(d.mean()) / error, count - 1))})
    return cases


def main():
    fixture = {
        "versions": {"optuna": optuna.__version__, "numpy": np.__version__},
        "trials": TRIALS,
        "normal": normal(),
        "parzen": parzen(),
        "split": split(),
        **weights_and_counts(),
        "pruners": pruners(),
        "importance": importance(),
        "comparisons": comparisons(),
        "tpe": bests(lambda seed: optuna.samplers.TPESampler(
            seed=seed, multivariate=True, group=True)),
        "random": bests(lambda seed: optuna.samplers.RandomSampler(seed=seed)),
    }
    with open(sys.argv[1], "w") as file:
        json.dump(fixture, file, indent=1, allow_nan=False)
        file.write("\n")


if __name__ == "__main__":
    main()
