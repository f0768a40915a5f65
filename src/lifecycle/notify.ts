/** Tells people what a training came to. */

import { ServiceError, UsageError } from "../base/mod.ts";
import { type StepContext, stepFunction } from "../pipeline/mod.ts";
import type { DriftChecked } from "./drift_check.ts";
import type { Promoted } from "./promote.ts";

/** Seconds that the receiver has to answer. */
const PATIENCE = 15;

/**
 * Says it in the run, and posts it to `NOTIFY_WEBHOOK` if that is set: JSON whose `text` is what
 * Slack's incoming webhooks, Mattermost's and others show.
 *
 * @throws {ServiceError} if it was not taken.
 */
export const notifyStep = stepFunction(
  import.meta.url,
  "notifyStep",
  async (
    { name }: { name: string },
    { promoted, drift }: { promoted: Promoted; drift?: DriftChecked },
    { log, run, signal }: StepContext,
  ): Promise<void> => {
    const text = lifecycleText(name, promoted, drift);
    log(text);
    const address = Deno.env.get("NOTIFY_WEBHOOK");
    if (!address) return;
    if (!URL.canParse(address)) {
      throw new UsageError("Cannot notify: NOTIFY_WEBHOOK is no address", {
        next: "set it to the http(s) address that takes messages, or leave it out",
      });
    }
    const { version, alias, refused } = promoted;
    const told = { text, pipeline: run.pipeline, run: run.partOf ?? run.id, model: name };
    let reason: string | undefined;
    try {
      const response = await fetch(address, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ ...told, version, alias, refused, drifted: drift?.drifted }),
        signal: AbortSignal.any([signal, AbortSignal.timeout(1000 * PATIENCE)]),
      });
      await response.body?.cancel();
      if (!response.ok) reason = `it answers ${response.status}`;
    } catch (error) {
      signal.throwIfAborted();
      // Whoever knows such an address may post to it.
      reason = (error as Error).message.replaceAll(address, "the address");
    }
    if (reason === undefined) return;
    throw new ServiceError(`Cannot notify by NOTIFY_WEBHOOK: ${reason}`, {
      next: "see whether the address is right and its server is up; the model is where it was told",
    });
  },
);

/** What a training came to, in one or two sentences. */
export function lifecycleText(
  name: string,
  { version, told, alias, refused }: Promoted,
  drift?: DriftChecked,
): string {
  const moved = drift === undefined || drift.drifted.length === 0
    ? ""
    : ` Since ${drift.champion}, ${drift.drifted.length} columns have drifted.`;
  if (version === undefined) return `${name} is ${told}.${moved}`;
  const became = alias !== undefined
    ? `is the ${alias}`
    : refused.length > 0
    ? `was not promoted, ${refused.join("; ")}`
    : "was registered";
  return `${name} ${version} ${became}.${moved}`;
}
