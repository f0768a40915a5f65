/** A way of telling somebody of an alert. A way is one file with this. */

import type { AlertRecord } from "../../monitor_files/mod.ts";

/** A channel as it was set up. */
export interface AlertChannel {
  /** Name, as messages have it. */
  readonly name: string;
  /**
   * Tells of an alert; the same one may come twice, with the same id, where a
   * process was killed in between.
   *
   * @throws {UserError} if it was not taken, which is tried again later.
   */
  tell(alert: AlertRecord, signal: AbortSignal): Promise<void>;
}

/** Opens a channel by the environment; undefined where it is not set up. */
export type OpenChannel = (env: (name: string) => string | undefined) => AlertChannel | undefined;

/** An alert in one line. */
export function alertLine(alert: AlertRecord): string {
  const { status, severity, alert_type, model_name, model_version, message } = alert;
  const what = alert_type.replace("_", " ");
  const head = status === "resolved" ? `Resolved: ${what}` : `${severity} ${what}`;
  return `${head} of ${model_name} ${model_version}: ${message}`;
}
