/**
 * Pipelines on many machines: Apache Airflow distributes, retries and watches the steps of a pipeline,
 * a shared store carries what they make.
 *
 * @module
 */

export { type DagSpec, dagSpec, type Grouping, groupings, type TaskSpec } from "./dag_spec.ts";
export { exportDags, type ExportedDags } from "./export_dags.ts";
