/** What the runner asks of a schema; zod's schemas are such. */

import type { ValueSchema } from "../../run_events/mod.ts";

/** The parameters of a pipeline: a `z.object({ … })`. */
export interface ParamsSchema<Params> extends ValueSchema<Params> {
  /** The schema of each parameter. */
  readonly shape: Readonly<Record<string, unknown>>;
  /** The same, refusing names it does not know. */
  strict(): ValueSchema<Params>;
  /** Types, defaults and descriptions as JSON Schema. */
  toJSONSchema(
    options: { readonly io: "input"; readonly unrepresentable: "any" },
  ): { readonly properties?: Readonly<Record<string, unknown>> };
}

/** The parts of JSON Schema that parameters use. */
export interface JsonType {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonType[];
  readonly items?: JsonType;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly description?: string;
  readonly default?: unknown;
  /** Whether it is never shown. */
  readonly secret?: boolean;
}

/**
 * Marks a parameter as a secret: it is masked in all that a run tells and keeps, and counts for
 * kept outputs by its digest. Texts below four characters are masked only where they stand alone.
 *
 * @example
 * ```ts
 * import { z } from "zod";
 * const params = z.object({ token: secret(z.string()).describe("Access to the store") });
 * ```
 */
export function secret<S extends { meta(data: { readonly secret: true }): unknown }>(schema: S): S {
  return schema.meta({ secret: true }) as S;
}

/** The parameters of a pipeline that has none. */
export const noParams: ParamsSchema<Record<string, never>> = {
  shape: {},
  safeParse: () => ({ success: true, data: {} }),
  strict: () => ({
    safeParse(value) {
      const keys = Object.keys(value as object);
      if (keys.length === 0) return { success: true, data: {} };
      const issue = { path: [], message: "there are no parameters", keys };
      return { success: false, error: { issues: [issue] } };
    },
  }),
  toJSONSchema: () => ({}),
};
