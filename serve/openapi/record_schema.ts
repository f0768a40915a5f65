/** What a model's metadata say about requests, as JSON Schema. */

import { kindOf } from "../../src/features/mod.ts";
import type { InputColumn, ModelMetadata } from "../../src/registry/mod.ts";
import type { RawRecord } from "../contract.ts";
import { longestText, type ParserOptions } from "../model/record_parser.ts";

/** A JSON Schema, as OpenAPI 3.1 has it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The schema of a record that a model predicts. */
export function recordSchema(metadata: ModelMetadata, options: ParserOptions): JsonSchema {
  const { unknownFields, routingKey = metadata.declared_features?.group } = options;
  return {
    type: "object",
    description: "A raw record: fields may be missing or null, numbers may come as text with dirt",
    properties: {
      ...Object.fromEntries(metadata.input_schema.map((column) => [column.name, field(column)])),
      ...(routingKey !== undefined && {
        [routingKey]: {
          type: ["string", "number", "null"],
          description: "Keeps a customer with one model; never an input of the model",
        },
      }),
    },
    minProperties: 1,
    additionalProperties: unknownFields === "ignore",
    example: exampleRecord(metadata),
  };
}

function field({ kind, description, categories, min, max, codes }: InputColumn): JsonSchema {
  const range = [
    ...(min === undefined ? [] : [`from ${min}`]),
    ...(max === undefined ? [] : [`to ${max}`]),
  ].join(" ");
  const told = [
    description,
    range && `believed ${range}, beyond it counts as missing`,
    categories && `known: ${categories.join(", ")}; others are allowed`,
  ].filter(Boolean).join("; ");
  return {
    type: kind === "number"
      ? ["number", "string", "null"]
      : codes
      ? ["string", "number", "boolean", "null"]
      : ["string", "null"],
    maxLength: longestText,
    // A NUL character ends a text for ONNX Runtime.
    ...(kind === "text" && { pattern: "^[^\\u0000]*$" }),
    ...(told && { description: told }),
  };
}

/** A record of typical values: medians and most frequent categories of the training. */
function exampleRecord({ feature_state }: ModelMetadata): RawRecord {
  return Object.fromEntries(
    feature_state.columns.map((column) => [column.name, kindOf(column).example(column)]),
  );
}
