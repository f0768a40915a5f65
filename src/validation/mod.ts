/**
 * Tables held to what is declared of them: kinds and ranges by the feature set, missing shares,
 * uniqueness, freshness, numbers of rows, relations between columns; a report and an exit code.
 *
 * @module
 */

export { failed, type TableFinding, type TableFindings } from "./finding.ts";
export { readSchema } from "./read_schema.ts";
export {
  type ColumnRule,
  type Consequence,
  type Operand,
  type Relation,
  type RelationSign,
  type SchemaAdditions,
  schemaOf,
  type TableSchema,
  tableSchema,
} from "./schema.ts";
export {
  type ValidatedSource,
  type ValidatedTable,
  validateStep,
  type ValidationParams,
  validationParams,
  validationSteps,
} from "./steps.ts";
export { validateTable } from "./validate_table.ts";
