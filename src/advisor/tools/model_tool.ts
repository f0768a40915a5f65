/** Models of the project as tools: asked over their own routes, by the rights of who asks. */

import { z } from "zod";
import { ServiceError } from "../../base/mod.ts";
import type { Tool, ToolInput } from "./tool.ts";

/** Sends JSON to a route of the server that the models are served by. */
export type AskRoute = (path: string, body: unknown, signal: AbortSignal) => Promise<Response>;

/** A model as a tool. */
export interface ModelToolOptions {
  /** Letters, digits and `_`. */
  readonly name: string;
  /** What it says, and when to call it. */
  readonly description: string;
  /** Its route, as `/predict/credit-risk`. */
  readonly path: string;
  /** What it takes, as its route checks it. */
  readonly input: ToolInput<Readonly<Record<string, unknown>>>;
  /** Asks the route. */
  readonly ask: AskRoute;
}

/** Parts of an answer of the server that say nothing to a user. */
const inner = new Set(["request_id", "latency_ms", "model_version", "threshold_source"]);

/** A tool that asks a route; what the route refuses is told with all its reasons. */
export function modelTool(
  { name, description, path, input, ask }: ModelToolOptions,
): Tool<Readonly<Record<string, unknown>>> {
  return {
    ...{ name, description, input },
    async call(record, signal) {
      const response = await ask(path, record, signal);
      const answer = await response.json().catch(() => undefined);
      if (!response.ok || typeof answer !== "object" || answer === null) {
        const { detail, errors } = (answer ?? {}) as {
          detail?: string;
          errors?: readonly { pointer: string; detail: string }[];
        };
        const faults = (errors ?? []).slice(0, 10).map((one) => `${one.pointer}: ${one.detail}`);
        throw new ServiceError(
          [`The model answers ${response.status}: ${detail ?? "no JSON"}`, ...faults].join("; "),
          { next: "send what the model takes" },
        );
      }
      const told = Object.entries(answer).filter(([field]) => !inner.has(field));
      return { input: record, ...Object.fromEntries(told) };
    },
  };
}

/** A column that a model reads, as its manifest has it. */
export interface ToolColumn {
  /** Name of the column. */
  readonly name: string;
  /** What it holds. */
  readonly type: "number" | "text";
  /** What it means. */
  readonly description?: string;
  /** The values that it knows, where these are few. */
  readonly values?: readonly string[];
}

/** What a model takes whose columns may each be left out, as one that is not known. */
export function recordOf(
  columns: readonly ToolColumn[],
): ToolInput<Readonly<Record<string, unknown>>> {
  return z.strictObject(Object.fromEntries(columns.map(({ name, type, description, values }) => {
    const value: z.ZodType = type === "number"
      ? z.number()
      : values !== undefined && values.length > 0
      ? z.enum(values as [string, ...string[]])
      : z.string().max(500);
    return [name, (description === undefined ? value : value.describe(description)).optional()];
  })));
}
