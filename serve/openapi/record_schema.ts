/** What a model's metadata say about requests, as JSON Schema. */

import { kindOf } from "../../src/features/mod.ts";
import { eventColumns, type ProfileSpec } from "../../src/profile/mod.ts";
import { longestTextRead } from "../../src/text/mod.ts";
import type { InputColumn, ModelMetadata } from "../../src/registry/mod.ts";
import type { RawRecord } from "../contract.ts";
import { longestHistory } from "../model/event_reader.ts";
import { longestText, type ParserOptions } from "../model/record_parser.ts";
import { answersOf } from "../predict/answers/tasks.ts";

/** A JSON Schema, as OpenAPI 3.1 has it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The schema of a record that a model predicts. */
export function recordSchema(metadata: ModelMetadata, options: ParserOptions): JsonSchema {
  const { unknownFields } = options;
  const own = answersOf(metadata.task).record?.(metadata);
  if (own !== undefined) {
    const { properties, ...rest } = own;
    return {
      ...rest,
      properties: { ...properties as JsonSchema, ...routingField(options.routingKey) },
      additionalProperties: unknownFields === "ignore",
    };
  }
  const group = metadata.declared_features?.group;
  const routingKey = options.routingKey ?? group;
  return {
    type: "object",
    description: "A raw record: fields may be missing or null, numbers may come as text with dirt",
    properties: {
      ...metadata.profiles && eventFields(metadata.profiles.spec),
      ...Object.fromEntries(metadata.input_schema.map((column) => [column.name, field(column)])),
      ...entityFields(metadata),
      ...(group !== undefined && {
        [group]: {
          type: ["string", "number", "null"],
          description: "Whom the record is about, as monitoring counts rows; never an input",
        },
      }),
      ...routingField(routingKey),
    },
    minProperties: 1,
    additionalProperties: unknownFields === "ignore",
    example: exampleRecord(metadata),
  };
}

/** The field that keeps a customer with one model. */
function routingField(name: string | undefined): JsonSchema {
  if (name === undefined) return {};
  return {
    [name]: {
      type: ["string", "number", "null"],
      description: "Keeps a customer with one model; never an input of the model",
    },
  };
}

/** Fields by which stored features are found. */
function entityFields({ feature_views = [] }: ModelMetadata): Record<string, JsonSchema> {
  return Object.fromEntries(feature_views.map(({ name, entity, features }) => [entity.name, {
    type: ["string", "number", "null"],
    description: `Whose stored features of "${name}" are read, unless they are sent: ${
      Object.keys(features).join(", ")
    }`,
  }]));
}

/** The fields of an event, which may be sent in the place of what the model reads of it. */
function eventFields(spec: ProfileSpec): JsonSchema {
  const { entity, time, amount, place } = spec;
  const told: Record<string, string> = {
    [entity]: "whose event it is; with it a record is an event, and its description is made here",
    [time]: "its moment, ISO 8601, UTC unless it says otherwise",
    [amount]: "its amount",
  };
  const numbers = new Set([amount, place?.latitude, place?.longitude]);
  const columns = Object.fromEntries(
    eventColumns(spec).map((name) => [name, {
      type: numbers.has(name) ? ["number", "string", "null"] : ["string", "number", "null"],
      ...told[name] && { description: told[name] },
    }]),
  );
  return {
    ...columns,
    history: {
      type: ["array", "null"],
      maxItems: longestHistory,
      items: { type: "object" },
      description: "events of the same entity that came before and after the training",
    },
  };
}

function field(column: InputColumn): JsonSchema {
  const { kind, description, categories, min, max, codes, freeText } = column;
  const range = [
    ...(min === undefined ? [] : [`from ${min}`]),
    ...(max === undefined ? [] : [`to ${max}`]),
  ].join(" ");
  const told = [
    description,
    range && `believed ${range}, beyond it counts as missing`,
    categories && `known: ${categories.join(", ")}; others are allowed`,
  ].filter(Boolean).join("; ");
  if (freeText) {
    const cut = `free text, of which the first ${longestTextRead.toLocaleString("en")} ` +
      "characters are read";
    const description = [told, cut].filter(Boolean).join("; ");
    return { type: ["string", "null"], description };
  }
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
