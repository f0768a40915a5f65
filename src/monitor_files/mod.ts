/**
 * What a monitor leaves behind in a log, for servers and for itself: alerts, the status of models,
 * decisions about training again. Files are read and written, nothing is computed.
 *
 * @module
 */

export type { AlertRecord, AlertType, Delivery, OpenAlert } from "./alert.ts";
export {
  appendAlerts,
  clearAlerts,
  isSilenced,
  monitoringFolder,
  readAlerts,
  readSilences,
  type Silence,
} from "./alert_file.ts";
export { addDecision, readHistory, type RetrainDecision } from "./retraining_history.ts";
export {
  type BandedShare,
  type BusinessRates,
  type ColumnStatus,
  type ForecastErrors,
  type ModelStatus,
  type MonitorStatus,
  readStatus,
  type RecentQuality,
  statusFile,
  type WindowPoint,
} from "./status_file.ts";
