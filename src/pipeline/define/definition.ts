/** How a pipeline is written down: steps wired by typed handles. */

import type { Builder, Handle } from "./builder.ts";
import { type Build, buildGraph, type PipelineGraph } from "./graph.ts";
import type { Schedule } from "../../timetable/mod.ts";
import { type Codec, declareCodecs } from "../../artifact_store/mod.ts";
import { noParams, type ParamsSchema } from "./schema.ts";
import type { Outcome } from "./step.ts";

/** What a pipeline says about itself. */
export interface PipelineOptions<Params> {
  /** What the pipeline does, one clause. */
  readonly description: string;
  /** The parameters with types, defaults and descriptions; none if it is left out. */
  readonly params?: ParamsSchema<Params>;
  /** `false` runs every step every time. */
  readonly cache?: boolean;
  /** How instances of own classes among its values are kept. */
  readonly codecs?: readonly Codec[];
  /** When it runs by itself, as `0 2 * * 0`, while `deno task pipeline schedule` is up. */
  readonly schedule?: string | Schedule;
}

/** A pipeline as a file exports it by default. */
export interface Pipeline<Params = Record<string, unknown>> extends PipelineOptions<Params> {
  /** Name, the same as its file's. */
  readonly name: string;
  /** Its parameters. */
  readonly params: ParamsSchema<Params>;
  /** Wires the steps for the given parameters. */
  graph(params: Params): PipelineGraph;
}

/**
 * Declares a pipeline. `build` wires the steps; it must do the same every time
 * for the same parameters, because other processes rebuild it. The handle that it
 * returns, if any, stands for the run's {@link Outcome}.
 *
 * @throws {UsageError} if two steps have one name, or a handle belongs to
 * another pipeline; at once if the parameters have defaults, else at the run.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { runPipeline } from "../run/run.ts";
 * import { z } from "zod";
 *
 * const squares = pipeline("squares", {
 *   description: "adds squares",
 *   params: z.object({ upTo: z.number().int().default(3) }),
 * }, ({ step, each, params }) => {
 *   const numbers = Array.from({ length: params.upTo }, (_, i) => i + 1);
 *   const squared = each("square", numbers, (n) => n * n);
 *   step("sum", { squared }, ({ squared }, { log }) => log(`sum ${squared.reduce((a, b) => a + b)}`));
 * });
 *
 * const lines: string[] = [];
 * await runPipeline(squares, {
 *   onEvent: (event) => void (event.type === "log" && lines.push(event.text)),
 * });
 * assertEquals(lines, ["sum 14"]);
 * ```
 */
export function pipeline<Params = Record<string, never>>(
  name: string,
  options: PipelineOptions<Params>,
  build: (builder: Builder<Params>) => Handle<Outcome> | void,
): Pipeline<Params> {
  declareCodecs(options.codecs ?? []);
  const graph = (params: Params) => buildGraph(name, build as Build, params);
  const { params = noParams as ParamsSchema<unknown> as ParamsSchema<Params> } = options;
  const defaults = params.safeParse({});
  const first = defaults.success ? graph(defaults.data) : undefined;
  // Without parameters there is only one graph, and it is there.
  const only = options.params === undefined ? first : undefined;
  return { name, ...options, params, graph: only ? () => only : graph };
}
