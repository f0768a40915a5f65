/** Prometheus Alertmanager, by its API v2. */

import { alertLine, type OpenChannel } from "./contract.ts";
import { addressIn, postJson } from "./post.ts";

/** Hours after which Alertmanager takes an alert for over that nobody renewed. */
const HOURS = 24 * 7;

/** Opens the channel of `MONITOR_ALERTMANAGER`, the address of its web interface. */
export const openAlertmanager: OpenChannel = (env) => {
  const text = env("MONITOR_ALERTMANAGER");
  if (!text) return undefined;
  const base = addressIn("MONITOR_ALERTMANAGER", text).replace(/\/+$/, "");
  return {
    name: "alertmanager",
    tell(alert, signal) {
      const { alert_type, severity, model_name, model_version, status, timestamp } = alert;
      const ends = status === "resolved"
        ? timestamp
        : new Date(Date.parse(timestamp) + HOURS * 3_600_000).toISOString();
      return postJson(`${base}/api/v2/alerts`, [{
        // Labels tell alerts apart: those of one cause have the same, however severe.
        labels: { alertname: alert_type, model: model_name, version: model_version },
        annotations: {
          summary: alertLine(alert),
          description: alert.action_required,
          severity,
        },
        endsAt: ends,
      }], signal);
    },
  };
};
