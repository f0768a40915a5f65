/** Models beside the one that answers by default, each with what it is held to. */

import { z } from "zod";

/** The reference of all models of the folder that are not named. */
export const anyModel = "*";

const whole = (least: number, most: number) =>
  z.string().regex(/^\d+$/, "wanted a whole number").transform(Number)
    .pipe(z.number().min(least).max(most));

const settings = z.strictObject({
  pinned: z.enum(["true", "false"]).transform((text) => text === "true").optional(),
  concurrency: whole(1, 100_000).optional(),
  timeout_ms: whole(10, 600_000).optional(),
  queue_limit: whole(1, 1_000_000).optional(),
  challenger: z.string().min(1).optional(),
  challenger_mode: z.enum(["live", "shadow"]).default("live"),
  challenger_share: z.string().regex(/^\d*\.?\d+$/, "wanted a number").transform(Number)
    .pipe(z.number().min(0).max(1)).prefault("0.1"),
});

/** A model, as `--extra-models` names it. */
export interface ExtraModel {
  /** As `--model` names one; `*` for each other name of the folder. */
  readonly reference: string;
  /** Loaded at the start and kept; else when it is first asked for, and as long as there is room. */
  readonly pinned: boolean;
  /** Requests at once. */
  readonly concurrency?: number;
  /** Milliseconds for a request. */
  readonly timeoutMs?: number;
  /** Records that may wait for it. */
  readonly queueLimit?: number;
  /** A second model, named as `--model` names one. */
  readonly challenger?: string;
  readonly challengerMode: "live" | "shadow";
  readonly challengerShare: number;
}

/** Reads `NAME?timeout_ms=500&concurrency=8`, or says what is wrong with it. */
export const extraModel: z.ZodType<ExtraModel, string> = z.string().transform((text, context) => {
  const at = text.indexOf("?");
  const reference = at < 0 ? text : text.slice(0, at);
  const found = settings.safeParse(
    Object.fromEntries(new URLSearchParams(at < 0 ? "" : text.slice(at + 1))),
  );
  const refuse = (reason: string) => {
    context.addIssue({ code: "custom", message: `of "${text}", ${reason}` });
    return z.NEVER;
  };
  if (reference === "") return refuse("the model is not named");
  if (!found.success) {
    const [{ path, message, code }] = found.error.issues;
    const known = Object.keys(settings.shape).join(", ");
    return refuse(code === "unrecognized_keys" ? `settings are ${known}` : `${path}: ${message}`);
  }
  const { pinned = reference !== anyModel, challenger, ...given } = found.data;
  if (reference === anyModel && (pinned || challenger !== undefined)) {
    return refuse("models that are not named are neither pinned nor challenged");
  }
  return {
    reference,
    pinned,
    concurrency: given.concurrency,
    timeoutMs: given.timeout_ms,
    queueLimit: given.queue_limit,
    challenger,
    challengerMode: given.challenger_mode,
    challengerShare: given.challenger_share,
  };
});
