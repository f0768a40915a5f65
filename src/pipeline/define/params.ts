/** The parameters of a pipeline: described for people, read from text, checked. */

import { keepSecret, MASK, nearestName, readSecret, UsageError } from "../../base/mod.ts";
import type { JsonType, ParamsSchema } from "./schema.ts";

/** A parameter as help shows it. */
export interface ParamInfo {
  readonly name: string;
  /** Its type in words, as `whole number ≥ 2`. */
  readonly type: string;
  /** Its default as text; left out if it must be given. */
  readonly default?: string;
  readonly description: string;
}

const known = new WeakMap<ParamsSchema<unknown>, [string, JsonType][]>();

function properties(schema: ParamsSchema<unknown>): [string, JsonType][] {
  let found = known.get(schema);
  if (found === undefined) {
    const { properties = {} } = schema.toJSONSchema({ io: "input", unrepresentable: "any" });
    found = Object.entries(properties as Record<string, JsonType>);
    known.set(schema, found);
  }
  return found;
}

/** The names of the parameters that are never shown. */
export function secretNames(schema: ParamsSchema<unknown>): string[] {
  return properties(schema).flatMap(([name, type]) => isSecret(type) ? [name] : []);
}

function isSecret({ secret, anyOf = [] }: JsonType): boolean {
  return secret === true || anyOf.some(isSecret);
}

/**
 * The same values, those of secret parameters that are references read.
 *
 * @throws as {@linkcode readSecret}.
 */
export async function readSecretParams(
  schema: ParamsSchema<unknown>,
  values: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const read = { ...values };
  for (const name of secretNames(schema)) {
    const value = values[name];
    if (typeof value === "string") read[name] = await readSecret(value, `parameter ${name}`);
  }
  return read;
}

/** Parameters as they are told and kept: plain data, with masks for secrets. */
export function shownParams(
  schema: ParamsSchema<unknown>,
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const hidden = new Set(secretNames(schema));
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, hidden.has(name) ? MASK : plain(value)]),
  );
}

/** What JSON can hold of a value. */
function plain(value: unknown): unknown {
  try {
    const text = JSON.stringify(value, (_, part) => {
      if (typeof part === "bigint" || typeof part === "number" && !Number.isFinite(part)) {
        return String(part);
      }
      return part instanceof Map || part instanceof Set ? [...part] : part;
    });
    return text === undefined ? Deno.inspect(value) : JSON.parse(text);
  } catch {
    return Deno.inspect(value); // a circle
  }
}

/** The parameters in the order they are declared. */
export function describeParams(schema: ParamsSchema<unknown>): ParamInfo[] {
  return properties(schema).map(([name, type]) => ({
    name,
    type: typeInWords(type),
    ...type.default !== undefined &&
      { default: isSecret(type) ? MASK : valueAsText(type.default) },
    description: type.description ?? "",
  }));
}

/** From this length on, a type or default has lines of its own, so that the table fits a terminal. */
const LONG = 36;

/** A table of the parameters, one line each; long types and defaults below their line. */
export function paramTable(schema: ParamsSchema<unknown>): string {
  const rows = describeParams(schema).map(({ name, type, default: given, description }) => {
    const value = given === undefined ? "" : `default ${given}`;
    return {
      name,
      type: type.length < LONG ? type : "see below",
      value: value.length < LONG ? value : "default below",
      description,
      below: [
        ...(type.length < LONG ? [] : type.split(" | ")),
        ...(value.length < LONG ? [] : value.split(",").join(", ").match(/.{1,90}(?:\s|$)/g) ?? []),
      ],
    };
  });
  if (rows.length === 0) return "  (no parameters)";
  const width = (pick: (row: (typeof rows)[number]) => string) =>
    Math.max(...rows.map((row) => pick(row).length));
  const widths = [width((r) => r.name), width((r) => r.type), width((r) => r.value)];
  return rows.flatMap(({ name, type, value, description, below }) => [
    `  ${name.padEnd(widths[0])}  ${type.padEnd(widths[1])}  ${
      value.padEnd(widths[2])
    }  ${description}`
      .trimEnd(),
    ...below.map((line) => `${" ".repeat(widths[0] + 4)}${line.trim()}`),
  ]).join("\n");
}

/** The parameters in a line: `folds=5`, or the name alone if a value must be given. */
export function paramLine(schema: ParamsSchema<unknown>): string {
  return describeParams(schema).map(({ name, default: given }) => {
    if (given === undefined) return name;
    return `${name}=${given.length < LONG ? given : `${given.slice(0, LONG).split(",")[0]},…`}`;
  }).join(" ");
}

/**
 * Turns `name=value` texts of the command line into values of the declared types:
 * numbers, `true` and `false`, `null`, and lists separated by commas. Text that
 * does not fit stays text, for {@link parseParams} to refuse.
 */
export function coerceParams(
  schema: ParamsSchema<unknown>,
  texts: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const types = new Map(properties(schema));
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, coerce(text, types.get(name) ?? {})]),
  );
}

/**
 * Fills in defaults and checks.
 *
 * @throws {UsageError} naming each parameter that does not exist or does not fit;
 * with all names where one does not exist.
 */
export function parseParams<Params>(
  schema: ParamsSchema<Params>,
  values: Readonly<Record<string, unknown>>,
): Params {
  const hidden = secretNames(schema);
  for (const name of hidden) keepSecret(values[name]);
  const result = schema.strict().safeParse(values);
  if (result.success) {
    for (const name of hidden) keepSecret((result.data as Record<string, unknown>)[name]);
    return result.data;
  }
  const known = Object.keys(schema.shape);
  const types = new Map(describeParams(schema).map(({ name, type }) => [name, type]));
  const faults = result.error.issues.flatMap((issue) => {
    if (issue.keys !== undefined) {
      return issue.keys.map((key) => {
        const near = nearestName(key, known);
        return `there is no parameter "${key}"${
          near === undefined ? "" : `, did you mean "${near}"?`
        }`;
      });
    }
    const name = String(issue.path[0] ?? "");
    if (!(name in values)) return [`parameter "${name}" must be given (${types.get(name)})`];
    const inside = issue.path.slice(1).join(".");
    const found = hidden.includes(name) ? MASK : valueAsText(plain(values[name]));
    const where = inside === "" ? "" : ` (at ${inside}: ${issue.message})`;
    return [`parameter "${name}" is ${found}, wanted ${types.get(name)}${where}`];
  });
  throw new UsageError(`Cannot use the parameters: ${[...new Set(faults)].join("; ")}`, {
    next: nextStep(known, values),
  });
}

function nextStep(known: readonly string[], values: Readonly<Record<string, unknown>>): string {
  if (known.length === 0) return "leave them out: it has none";
  const unknown = Object.keys(values).some((name) => !known.includes(name));
  return (unknown ? `the parameters are ${known.join(", ")}; ` : "") + "--help tells about each";
}

/** Whether a parameter takes a list. */
export function isListParam(schema: ParamsSchema<unknown>, name: string): boolean {
  const type = new Map(properties(schema)).get(name);
  return [type?.type].flat().includes("array");
}

/** The names of the parameters whose values are not their defaults. */
export function changedParams(
  schema: ParamsSchema<unknown>,
  values: Readonly<Record<string, unknown>>,
): string[] {
  return properties(schema)
    .filter(([name, type]) => JSON.stringify(plain(values[name])) !== JSON.stringify(type.default))
    .map(([name]) => name);
}

function coerce(text: string, type: JsonType): unknown {
  if (type.anyOf) {
    for (const option of type.anyOf) {
      const value = coerce(text, option);
      if (typeof value !== "string" || option.type === "string") return value;
    }
    return text;
  }
  const kinds = [type.type ?? []].flat();
  if (kinds.includes("null") && text === "null") return null;
  if (kinds.includes("boolean") && (text === "true" || text === "false")) return text === "true";
  if (kinds.includes("number") || kinds.includes("integer")) {
    const number = Number(text);
    if (text.trim() !== "" && !Number.isNaN(number)) return number;
  }
  if (kinds.includes("object") && text.startsWith("{")) return fromJson(text);
  if (kinds.includes("array")) {
    if (text.startsWith("[")) return fromJson(text);
    return text === "" ? [] : text.split(",").map((part) => coerce(part.trim(), type.items ?? {}));
  }
  return text;
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function typeInWords(type: JsonType): string {
  if (type.enum) return type.enum.map(String).join(" | ");
  if (type.const !== undefined) return String(type.const);
  if (type.anyOf) return type.anyOf.map(typeInWords).join(" or ");
  const words = [type.type ?? "value"].flat().map((kind) => {
    if (kind === "array") return `list of ${typeInWords(type.items ?? {})}`;
    if (kind === "string") return "text";
    if (kind === "boolean") return "true | false";
    if (kind === "integer") return `whole number${bounds(type)}`;
    if (kind === "number") return `number${bounds(type)}`;
    return kind;
  });
  return words.join(" or ");
}

function bounds(type: JsonType): string {
  const parts: string[] = [];
  const shown = (bound: number | undefined) =>
    bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
  if (type.exclusiveMinimum !== undefined) parts.push(`> ${type.exclusiveMinimum}`);
  else if (shown(type.minimum)) parts.push(`≥ ${type.minimum}`);
  if (type.exclusiveMaximum !== undefined) parts.push(`< ${type.exclusiveMaximum}`);
  else if (shown(type.maximum)) parts.push(`≤ ${type.maximum}`);
  return parts.length === 0 ? "" : ` ${parts.join(" and ")}`;
}

/** A value as the command line takes it. */
export function valueAsText(value: unknown): string {
  if (Array.isArray(value)) return value.map(String).join(",");
  return typeof value === "string" ? value === "" ? '""' : value : JSON.stringify(value);
}
