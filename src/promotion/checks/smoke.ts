/** Whether the real server, in a process of its own, answers with the model. */

import { ServiceError, UserError } from "../../base/mod.ts";
import { givesNumber } from "../../registry/mod.ts";
import { predictRows } from "../predictions.ts";
import type { Check } from "./contract.ts";

/** Rows that are sent. */
const ROWS = 8;
const TOLERANCE = 1e-5;

/** Sends kept rows, and one in which all is missing if it may be, to `POST /predict/batch`. */
export const smoke: Check = {
  name: "server",
  slow: true,
  async look({ candidate, serve, signal }) {
    const { acceptance, task, version } = candidate.metadata;
    const kept = acceptance?.probe.inputs ?? {};
    const records = Array.from(
      { length: Math.min(ROWS, Object.values(kept)[0]?.length ?? 0) },
      (_, row) =>
        Object.fromEntries(Object.entries(kept).map(([name, values]) => [name, values[row]])),
    );
    const { input_schema: columns } = candidate.metadata;
    const [first] = columns;
    const sent = columns.some(({ required }) => required)
      ? records
      : [...records, { [first.name]: null }];
    try {
      await using server = await serve();
      const response = await fetch(`${server.url}/predict/batch`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ records: sent }),
        signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]),
      });
      const text = await response.text();
      if (!response.ok) {
        return { passed: false, found: `it refused ${sent.length} rows: ${text.slice(0, 300)}` };
      }
      const answers = JSON.parse(text).predictions as Record<string, unknown>[];
      const served = answers.find(({ model_version }) => model_version !== version);
      if (served !== undefined) {
        return { passed: false, found: `it answered with version ${served.model_version}` };
      }
      const inputs = Object.fromEntries(
        Object.entries(kept).map((
          [name, values],
        ) => [name, values.slice(0, records.length) as typeof values]),
      );
      const expected = await predictRows(candidate, inputs, records.length);
      const worst = records.reduce((most, _, row) => {
        const { prediction, probabilities } = answers[row];
        const given = givesNumber(task)
          ? [Number(prediction)]
          : (probabilities as readonly number[]);
        const apart = given.map((value, k) => {
          const own = expected[k * records.length + row];
          return Math.abs(value - own) /
            (givesNumber(task) ? Math.max(1, Math.abs(own)) : 1);
        });
        return Math.max(most, ...apart);
      }, 0);
      return {
        passed: worst <= TOLERANCE,
        found: worst <= TOLERANCE
          ? `the real server answered ${sent.length} rows as the file does`
          : `the server's answers differ from the file's by ${worst}`,
      };
    } catch (error) {
      signal.throwIfAborted();
      if (
        error instanceof UserError || error instanceof TypeError || error instanceof DOMException
      ) {
        const next = error instanceof ServiceError && error.next ? `; ${error.next}` : "";
        return { passed: false, found: `${error.message}${next}` };
      }
      throw error;
    }
  },
};
