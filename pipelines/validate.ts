/** Is a table what it is declared to be? Ends with 3 where it is not, and writes a report. */

import { ModelError } from "../src/base/mod.ts";
import { pipeline } from "../src/pipeline/mod.ts";
import { findBundle } from "../src/registry/mod.ts";
import {
  readSchema,
  schemaOf,
  type ValidationParams,
  validationParams,
  validationSteps,
} from "../src/validation/mod.ts";

export default pipeline("validate", {
  description: "Hold a table to its declaration: kinds, ranges, uniqueness, freshness, relations",
  params: validationParams,
  // How old a table is depends on when it is asked.
  cache: false,
}, (builder) => validationSteps(builder, () => declaredTable(builder.params)));

/** The declaration in a file, or what a model reads; rows to predict on need no target. */
async function declaredTable({ schema, model, models }: ValidationParams) {
  if (schema !== "") return await readSchema(schema);
  const { metadata } = await findBundle(models, model);
  const { declared_features: set } = metadata;
  if (set === undefined) {
    throw new ModelError(`Cannot tell what ${model} reads: its metadata are of an older version`, {
      next: "declare the table in a file, as --param schema=table.json",
    });
  }
  const beside = [set.target.column, set.group, set.weight].filter((name) => name !== undefined);
  return schemaOf(set, {
    columns: Object.fromEntries(beside.map((name) => [name, { optional: true }])),
  });
}
