/**
 * Log lines as documents of the Elastic Common Schema, version 8.11
 * (https://www.elastic.co/guide/en/ecs/8.11/ecs-field-reference.html).
 */

import { parsedJson } from "../base/mod.ts";

/** The version of the schema whose names are used. */
export const ECS_VERSION = "8.11.0";

/** Who writes a log. */
export interface LogSource {
  /** What runs, as `dinoflow-server`. */
  readonly service: string;
  /** What the lines are about, as `dinoflow.server`. */
  readonly dataset: string;
  /** Version of the service. */
  readonly version?: string;
}

/** One document. Names with dots are those of nested objects. */
export type LogDocument = Readonly<Record<string, unknown>>;

/** Fields of our lines that the schema has a name for. */
const named: Readonly<Record<string, string>> = {
  time: "@timestamp",
  at: "@timestamp",
  level: "log.level",
  message: "message",
  request_id: "http.request.id",
  method: "http.request.method",
  status: "http.response.status_code",
  route: "url.path",
  url: "url.full",
  address: "client.address",
  key: "user.name",
  stack: "error.stack_trace",
  trace_id: "trace.id",
  span_id: "span.id",
};

/** Longest text that a field keeps, in characters; that of messages and traces is the other. */
const LONGEST = 1024;
const LONGEST_TEXT = 32_768;

/**
 * Makes a document of a line.
 *
 * What the schema has no name for stands below `dinoflow`, as plain values or as JSON, so that one
 * field never has two types.
 *
 * @param line A line of JSON; any other text becomes a message.
 * @param source Who wrote it.
 * @param now When, if the line does not say so.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const line = '{"time":"2026-11-29T10:00:00.000Z","level":"info","message":"request","ms":1.5}';
 * const source = { service: "dinoflow-server", dataset: "dinoflow.server" };
 * const document = ecsDocument(line, source, new Date());
 * assertEquals(document["log.level"], "info");
 * assertEquals(document["event.duration"], 1_500_000);
 * ```
 */
export function ecsDocument(line: string, source: LogSource, now: Date): LogDocument {
  const parsed = parsedJson(line);
  const fields = typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)
    ? parsed as Readonly<Record<string, unknown>>
    : { message: line.trimEnd() };
  const document: Record<string, unknown> = {
    "@timestamp": now.toISOString(),
    "log.level": "info",
    message: "",
    "ecs.version": ECS_VERSION,
    "service.name": source.service,
    ...source.version && { "service.version": source.version },
    "event.dataset": source.dataset,
    "process.pid": Deno.pid,
    "host.hostname": host(),
  };
  const own: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === null) continue;
    if (name === "ms" && typeof value === "number") {
      document["event.duration"] = Math.round(value * 1e6); // nanoseconds
    } else if (name === "reason" && document["log.level"] === "error") {
      document["error.message"] = cut(value, LONGEST_TEXT);
    } else if (Object.hasOwn(named, name)) {
      const longest = /^(message|stack)$/.test(name) ? LONGEST_TEXT : LONGEST;
      document[named[name]] = typeof value === "number" ? value : cut(value, longest);
    } else own[name] = typeof value === "number" ? value : cut(value, LONGEST);
  }
  // What is no code of an answer is no number.
  const status = document["http.response.status_code"];
  if (status !== undefined && typeof status !== "number") {
    delete document["http.response.status_code"];
    document["event.outcome"] = status === "succeeded" || status === "ran" ? "success" : status;
  }
  if (Number.isNaN(Date.parse(String(document["@timestamp"])))) {
    document["@timestamp"] = now.toISOString();
  }
  return Object.keys(own).length === 0 ? document : { ...document, dinoflow: own };
}

let hostname: string | undefined;

/** Name of the machine; of a container its id. */
function host(): string {
  if (hostname === undefined) {
    try {
      hostname = Deno.hostname();
    } catch {
      hostname = "unknown"; // not permitted to ask, as in the server
    }
  }
  return hostname;
}

function cut(value: unknown, longest: number): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}
