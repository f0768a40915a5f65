"""Makes tests/features/fixtures/dirty.json: a dirty table, and what pandas,
NumPy and scikit-learn make of it.

    .venv/bin/python tests/python/make_features_fixtures.py
"""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder

ROWS, TRAIN, GROUP = 180, 120, 6
LOANS = ["Auto Loan", "Payday Loan", "Home Equity Loan", "Not Specified"]
MISSING = ["", "NA", "nan", "None"]
rng = np.random.default_rng(7)


def dirty(values, markers, share=0.15):
    return [str(rng.choice(markers)) if rng.random() < share else v for v in values]


def loans():
    items = list(rng.choice(LOANS, size=rng.integers(1, 5)))
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + ", and " + items[-1]


def raw_table():
    ages = [f"{a}_" if rng.random() < 0.1 else str(a) for a in rng.integers(12, 60, ROWS)]
    income = [f"{v:.2f}" for v in np.exp(rng.normal(10, 1.2, ROWS))]
    jobs = list(rng.choice(["Lawyer", "Writer", "Doctor"], ROWS, p=[0.5, 0.3, 0.2]))
    jobs[TRAIN + 3] = "Astronaut"  # unknown to the training rows
    history = [f"{y} Years and {m} Months" for y, m in zip(rng.integers(0, 34, ROWS), rng.integers(0, 12, ROWS))]
    return pd.DataFrame({
        "Customer": [f"CUS_{i // GROUP}" for i in range(ROWS)],
        "Age": dirty(ages, ["-500", "7580", "_", "NA", "__10000__"]),
        "Income": dirty(income, ["__-333333333333333333333333333__", "", "nan"]),
        "Zeros": [str(v) for v in (rng.random(ROWS) < 0.1).astype(int)],
        "History": dirty(history, ["NA", "", "22 years", "3 Years and 12 Months"]),
        "Mix": dirty(rng.choice(["Bad", "Standard", "Good"], ROWS, p=[0.2, 0.5, 0.3]), ["_", "Great"]),
        "Job": dirty(jobs, ["_______", "None"]),
        "Loans": dirty([loans() for _ in range(ROWS)], ["", "Astro Loan"], 0.3),
        "Score": rng.choice(["Poor", "Good"], ROWS),
    })


def numbers(column, low, high):
    values = pd.to_numeric(column.str.replace("_", ""), errors="coerce").astype("float32")
    return values.where((values >= low) & (values <= high))


def months(column):
    parts = column.str.extract(r"^(\d{1,3}) Years? and (\d|1[01]) Months?$").astype("float32")
    return (parts[0] * 12 + parts[1]).astype("float32")


def texts(column, markers):
    return column.mask(column.isin(MISSING + markers))


def items(text):
    if not isinstance(text, str):
        return []
    return [p.strip().removeprefix("and ") for p in text.split(",")]


def within_group(frame, groups):
    filled = frame.groupby(groups).ffill()
    return filled.groupby(groups).bfill()


def learned(values):
    """Median and Tukey's fences of the Float32 values, computed in double, rounded once."""
    wide = values.dropna().to_numpy(dtype="float64")
    q1, median, q3 = np.quantile(wide, [0.25, 0.5, 0.75])
    fence = 1.5 * (q3 - q1)
    return [float(np.float32(v)) for v in (median, q1 - fence, q3 + fence)]


raw = raw_table()
clean = pd.DataFrame({
    "Age": numbers(raw["Age"], 14, 100),
    "Income": numbers(raw["Income"], 0, np.inf),
    "Zeros": numbers(raw["Zeros"], -np.inf, np.inf),
    "History": months(raw["History"]),
    "Mix": texts(raw["Mix"], ["_"]).where(lambda c: c.isin(["Bad", "Standard", "Good"])),
    "Job": texts(raw["Job"], ["_______"]),
    "Loans": texts(raw["Loans"], []),
})
filled = within_group(clean, raw["Customer"])
train = filled.iloc[:TRAIN]

matrix, names, state = [], [], {}
for name in ["Age", "Income", "Zeros", "History"]:
    median, lower, upper = learned(train[name])
    state[name] = {"median": median, "lower": lower, "upper": upper}
    column = filled[name].fillna(np.float32(median))
    if lower < upper:
        column = column.clip(np.float32(lower), np.float32(upper))
    else:
        state[name].update(lower=None, upper=None)
    matrix.append(column.to_numpy(dtype="float32"))
    names.append(name)

mode = SimpleImputer(strategy="most_frequent", missing_values=np.nan).fit(train[["Mix", "Job"]].astype(object))
imputed = pd.DataFrame(mode.transform(filled[["Mix", "Job"]].astype(object)), columns=["Mix", "Job"])
state["Mix"], state["Job"] = ({"mode": m} for m in mode.statistics_)
levels = OrdinalEncoder(categories=[["Bad", "Standard", "Good"]]).fit(imputed[["Mix"]])
matrix.append(levels.transform(imputed[["Mix"]])[:, 0])
names.append("Mix")
hot = OneHotEncoder(handle_unknown="ignore", sparse_output=False).fit(imputed[["Job"]].iloc[:TRAIN])
matrix.extend(hot.transform(imputed[["Job"]]).T)
names.extend(hot.get_feature_names_out())

known = sorted({item for text in train["Loans"] for item in items(text)})
counts = [Counter(items(text)) for text in filled["Loans"]]
for item in known:
    matrix.append([c[item] for c in counts])
    names.append(f"Loans_{item}")

path = Path(__file__).parents[1] / "features/fixtures/dirty.json"
path.parent.mkdir(parents=True, exist_ok=True)
path.write_text(json.dumps({
    "train": TRAIN,
    "table": {name: list(raw[name]) for name in raw},
    "state": state,
    "names": names,
    "matrix": [[float(v) for v in column] for column in matrix],
}, indent=None) + "\n")
print(path, path.stat().st_size)
