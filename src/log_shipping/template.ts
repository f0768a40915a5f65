/** The index template of the data stream. */

import { ECS_VERSION } from "./ecs.ts";

/** Raised with each change of the template: an older one is then replaced. */
export const TEMPLATE_VERSION = 1;

const keyword = { type: "keyword", ignore_above: 1024 };

/** The fields that documents have, by their names in the schema. */
export const fieldTypes: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "@timestamp": { type: "date" },
  message: { type: "text" },
  "log.level": keyword,
  "ecs.version": keyword,
  "service.name": keyword,
  "service.version": keyword,
  "event.dataset": keyword,
  "event.action": keyword,
  "event.outcome": keyword,
  "event.duration": { type: "long" },
  "process.pid": { type: "long" },
  "host.hostname": keyword,
  "http.request.id": keyword,
  "http.request.method": keyword,
  "http.response.status_code": { type: "long" },
  "url.path": keyword,
  "url.full": keyword,
  "client.address": keyword,
  "user.name": keyword,
  "error.type": keyword,
  "error.message": { type: "text" },
  "error.stack_trace": { type: "text", index: false },
  "trace.id": keyword,
  "span.id": keyword,
};

/**
 * The template of a data stream.
 *
 * @param index Name of the data stream.
 * @param retentionDays Days that documents are kept.
 * @param openSearch Whether it is OpenSearch's, which knows no lifecycle in a template.
 */
export function dataStreamTemplate(
  index: string,
  retentionDays: number,
  openSearch: boolean,
): Record<string, unknown> {
  return {
    index_patterns: [index],
    data_stream: {},
    // Above those that the engines bring, as for logs-*-*.
    priority: 500,
    _meta: {
      managed_by: "dinoflow",
      version: TEMPLATE_VERSION,
      retention_days: retentionDays,
      ecs_version: ECS_VERSION,
    },
    template: {
      settings: { "index.mapping.total_fields.limit": 500 },
      mappings: {
        dynamic: false,
        properties: {
          ...nested(fieldTypes),
          // What the schema has no name for: found by its exact value, whatever its type.
          dinoflow: { type: "object", dynamic: true },
        },
        dynamic_templates: [{
          own: { path_match: "dinoflow.*", mapping: keyword },
        }],
      },
      ...!openSearch && { lifecycle: { data_retention: `${retentionDays}d` } },
    },
  };
}

/** Names with dots as objects within objects. */
function nested(fields: typeof fieldTypes): Record<string, unknown> {
  const found: Record<string, { properties?: Record<string, unknown> }> = {};
  for (const [name, type] of Object.entries(fields)) {
    const at = name.indexOf(".");
    if (at === -1) found[name] = type as Record<string, never>;
    else ((found[name.slice(0, at)] ??= {}).properties ??= {})[name.slice(at + 1)] = type;
  }
  return found;
}
