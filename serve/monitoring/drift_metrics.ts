/** What monitoring found, as Prometheus reads it. */

import type { ModelStatus, MonitorStatus } from "../../src/monitor_files/mod.ts";
import { expositionText, type MetricFamily, type Sample } from "../observe/exposition.ts";

/** From this index of stability on a column has drifted. */
const MOVED = 0.1;

/** The text of a scrape. */
export function driftMetrics(status: MonitorStatus | undefined): string {
  const gauge = (
    name: string,
    help: string,
    labels: string[],
    samples: Sample[],
  ): MetricFamily => ({
    ...{ name: `dinoflow_${name}`, help, type: "gauge", labels, samples },
  });
  /** Values of each model, after its name and version; those that are not known are left out. */
  const byModel = (
    name: string,
    help: string,
    values: (model: ModelStatus) => (readonly [value: number | null, ...labels: string[]])[],
    more: string[] = [],
  ) =>
    gauge(
      name,
      help,
      ["model", "version", ...more],
      (status?.models ?? []).flatMap((model) =>
        values(model).flatMap(([value, ...labels]) =>
          value === null
            ? []
            : [{ labels: [model.model_name, model.model_version, ...labels], value }]
        )
      ),
    );
  const openAlerts = ({ model_name, model_version }: ModelStatus) =>
    (status?.open_alerts ?? []).filter(({ model }) => model === `${model_name}_v_${model_version}`);
  const inputs = ({ drift }: ModelStatus) => drift.columns.filter(({ kind }) => kind === "input");
  const hasDrift = (model: ModelStatus) =>
    openAlerts(model).some(({ alert_type }) => alert_type === "data_drift");
  const looks = status ? [{ labels: [], value: Date.parse(status.checked_at) / 1000 }] : [];
  return expositionText([
    gauge("monitor_look_timestamp_seconds", "When the log was looked at", [], looks),
    byModel("model_drift_score", "Greatest stability index of an input", ({ drift }) => [[
      drift.score,
    ]]),
    byModel("dataset_drift", "1 if an alert of data drift is open", (model) => [[
      hasDrift(model) ? 1 : 0,
    ]]),
    byModel("drifted_features", "Inputs whose stability index is 0.1 or more", (model) => [[
      inputs(model).filter(({ psi }) => (psi ?? 0) >= MOVED).length,
    ]]),
    byModel(
      "feature_drift_score",
      "Stability index of an input",
      (model) => inputs(model).map(({ column, psi }) => [psi, column]),
      ["feature"],
    ),
    byModel("recent_accuracy", "Right answers among the latest labels", ({ quality }) => [[
      quality.accuracy?.value ?? null,
    ]]),
    byModel("expected_accuracy", "The same in training", ({ quality }) => [[
      quality.expected_accuracy,
    ]]),
    byModel("watched_predictions", "Predictions that monitoring has read", ({ predictions }) => [[
      predictions,
    ]]),
    byModel(
      "open_alerts",
      "Alerts whose cause has not ended",
      (model) =>
        Map.groupBy(openAlerts(model), ({ alert_type, severity }) => `${alert_type} ${severity}`)
          .values().map((alike) => [alike.length, alike[0].alert_type, alike[0].severity] as const)
          .toArray(),
      ["alert_type", "severity"],
    ),
  ]);
}
