/** The OpenAPI 3.1 document of the server as it is now: with the record of its model. */

import { OpenAPIHono, type RouteConfig, z } from "@hono/zod-openapi";
import type { ModelMetadata } from "../../src/registry/mod.ts";
import type { ParserOptions } from "../model/record_parser.ts";
import { namedModelPath, paths } from "./paths.ts";
import { type TaskKind, tasks } from "../predict/answers/tasks.ts";
import { recordSchema } from "./record_schema.ts";

/** Whether a route asks for a key, by its method and path as the document writes them. */
export type NeedsKey = (method: string, path: string) => boolean;

/** What the document says beside the routes of the prediction path. */
export interface DocumentOptions {
  /** All models that are loaded, which answer who names them. */
  readonly others?: readonly ModelMetadata[];
  /** Routes of other parts of the server. */
  readonly more?: readonly RouteConfig[];
  readonly needsKey?: NeedsKey;
}

/**
 * Writes the document.
 *
 * @param metadata The model that answers; without one any record and the answers of every task
 * are described.
 */
export function openApiDocument(
  version: string,
  metadata: ModelMetadata | undefined,
  options: ParserOptions,
  { others = [], more = [], needsKey = () => false }: DocumentOptions = {},
): Record<string, unknown> {
  const app = new OpenAPIHono();
  const { openAPIRegistry: registry } = app;
  registry.registerComponent(
    "schemas",
    "Record",
    metadata === undefined ? { type: "object" } : recordSchema(metadata, options),
  );
  const kinds = metadata === undefined
    ? Object.keys(tasks) as TaskKind[]
    : [metadata.task.kind, ...others.map(({ task }) => task.kind)];
  const answers = new Set(kinds.map((kind) => tasks[kind].answer));
  registry.register("Answer", z.union([...answers]));
  registry.registerComponent("securitySchemes", "key", {
    type: "apiKey",
    in: "header",
    name: "X-API-Key",
  });
  registry.registerComponent("securitySchemes", "bearer", { type: "http", scheme: "bearer" });
  const security: Record<string, string[]>[] = [{ key: [] }, { bearer: [] }];
  for (const route of [...paths, ...more]) {
    registry.registerPath(needsKey(route.method, route.path) ? { ...route, security } : route);
  }
  for (const other of others) {
    const route = namedModelPath(other, recordSchema(other, options));
    registry.registerPath(needsKey("post", "/predict/{model}") ? { ...route, security } : route);
  }
  return {
    ...app.getOpenAPI31Document({
      openapi: "3.1.0",
      info: {
        title: "Dinoflow",
        version,
        description: metadata === undefined
          ? "Predicts with exported models; none is loaded yet"
          : `Predicts with ${metadata.model_name} of ${metadata.version}: ` +
            tasks[metadata.task.kind].explained(metadata).join(", "),
      },
    }),
  };
}
