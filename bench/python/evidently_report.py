"""Evidently's drift report from two Parquet files to the page, as its documentation writes it."""

import sys

import pandas as pd
from evidently import Report
from evidently.presets import DataDriftPreset

folder = sys.argv[1]
report = Report([DataDriftPreset()])
snapshot = report.run(
    current_data=pd.read_parquet(f"{folder}/current.parquet"),
    reference_data=pd.read_parquet(f"{folder}/reference.parquet"),
)
snapshot.save_html(f"{folder}/evidently.html")
