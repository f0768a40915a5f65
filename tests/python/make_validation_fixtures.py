"""What pandas counts in a dirty table, for tests/validation: run from the project's folder."""

import json
from pathlib import Path

import numpy as np
import pandas as pd

random = np.random.default_rng(5)
ROWS = 400

start = random.integers(0, 300, ROWS)
end = start + random.integers(-10, 60, ROWS)
days = pd.Timestamp("2026-01-01")
table = pd.DataFrame(
    {
        "id": random.integers(0, 380, ROWS).astype(str),
        "age": random.integers(5, 110, ROWS).astype(str),
        "grade": random.choice(["A", "B", "C", "Z", ""], ROWS, p=[0.4, 0.3, 0.2, 0.05, 0.05]),
        "amount": np.round(random.normal(100, 40, ROWS), 2).astype(str),
        "rate": np.round(random.uniform(0.1, 0.5, ROWS), 3).astype(str),
        "due": np.round(random.normal(30, 10, ROWS), 2).astype(str),
        "opened": [(days + pd.Timedelta(days=int(d))).date().isoformat() for d in start],
        "closed": [(days + pd.Timedelta(days=int(d))).date().isoformat() for d in end],
    }
)
for column, share in {"age": 0.1, "amount": 0.05, "closed": 0.2, "id": 0.02}.items():
    table.loc[random.random(ROWS) < share, column] = ""
table.loc[random.random(ROWS) < 0.03, "age"] = "young"

read = table.replace("", np.nan)
age = pd.to_numeric(read["age"], errors="coerce")
amount, rate, due = (pd.to_numeric(read[name]) for name in ("amount", "rate", "due"))
opened, closed = pd.to_datetime(read["opened"]), pd.to_datetime(read["closed"])
both = opened.notna() & closed.notna()
priced = amount.notna()
counts = {
    "age missing": int(read["age"].isna().sum()),
    "age not understood": int((read["age"].notna() & age.isna()).sum()),
    "age out of range": int(((age < 18) | (age > 100)).sum()),
    "grade missing": int(read["grade"].isna().sum()),
    "grade other": int((read["grade"].notna() & ~read["grade"].isin(["A", "B", "C"])).sum()),
    "id repeated": int(read["id"].dropna().duplicated().sum()),
    "id, grade repeated": int(read[["id", "grade"]].dropna(how="all").duplicated().sum()),
    "opened <= closed": [int((both & ~(opened <= closed)).sum()), int(both.sum())],
    "amount * rate >= due": [
        int((priced & ~(amount * rate >= due)).sum()),
        int(priced.sum()),
    ],
    "newest": opened.max().isoformat(),
}
out = Path("tests/validation/fixtures/pandas.json")
out.write_text(json.dumps({"columns": table.to_dict("list"), "counts": counts}) + "\n")
