/** Reading a server's JSON without trusting its shape. */

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>;

/** The value if it is an object, else an empty one. */
export function record(value: unknown): Json {
  return typeof value === "object" && value !== null ? value as Json : {};
}

/** The objects of a list; servers leave empty lists out. */
export function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(record) : [];
}

/** The value if it is a text with something in it. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** MLflow's form of named texts. */
export function pairs(values: Readonly<Record<string, string>>): { key: string; value: string }[] {
  return Object.entries(values).map(([key, value]) => ({ key, value }));
}
