/** Tells of alerts until they are taken, across restarts. */

import { withSecrets } from "../../base/mod.ts";
import type { Delivery } from "../../monitor_files/mod.ts";
import { openAlertmanager } from "./alertmanager.ts";
import { openCommand } from "./command.ts";
import type { AlertChannel } from "./contract.ts";
import { openSlack } from "./slack.ts";
import { openWebhook } from "./webhook.ts";

/** Milliseconds that a channel has for an alert. */
const PATIENCE_MS = 10_000;
/** Milliseconds to the first try again; doubled from one to the next, up to an hour. */
const PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 3_600_000;
/** Tries after which an alert is given up: about two weeks. */
const MOST_ATTEMPTS = 350;
/** Alerts that wait at the most; the oldest are given up. */
const MOST_WAITING = 1000;

/** The variables that may hold a reference to a secret. */
const secretNames = ["WEBHOOK", "SLACK_WEBHOOK", "ALERTMANAGER", "SMTP"]
  .map((name) => `MONITOR_${name}`);

/**
 * The channels that the environment sets up.
 *
 * @throws {UsageError} if what it says of one cannot be used.
 * @throws {ServiceError} if a secret that it names cannot be read.
 */
export async function openChannels(
  given: (name: string) => string | undefined,
): Promise<AlertChannel[]> {
  const env = await withSecrets(given, secretNames);
  // Mail is loaded only where it is asked for.
  const openMail = env("MONITOR_SMTP") ? (await import("./mail.ts")).openMail : () => undefined;
  return [openWebhook, openSlack, openCommand, openAlertmanager, openMail]
    .map((open) => open(env)).filter((channel) => channel !== undefined);
}

/** Where deliveries are told what came of them. */
export interface DeliveryDesk {
  /** Keeps what is still to be told; called after each change. */
  readonly keep: (outbox: Delivery[]) => Promise<void>;
  readonly warn: (text: string) => void;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/**
 * Tries what is due, each once, and gives what is left. One channel that fails
 * keeps none of the others waiting.
 */
export async function deliver(
  outbox: readonly Delivery[],
  channels: readonly AlertChannel[],
  { keep, warn, now, signal }: DeliveryDesk,
): Promise<Delivery[]> {
  let left = outbox.slice(-MOST_WAITING);
  if (left.length < outbox.length) {
    warn(`${outbox.length - left.length} alerts were told to nobody: too many wait`);
  }
  const failed = new Set<string>();
  for (const delivery of [...left]) {
    signal.throwIfAborted();
    // The alerts of a channel keep their order: the next one waits for this. No pause is longer
    // than the longest: a clock that was ahead keeps nobody waiting.
    if (delivery.next > now() && delivery.next <= now() + LONGEST_PAUSE_MS) {
      failed.add(delivery.channel);
    }
    if (failed.has(delivery.channel)) continue;
    const channel = channels.find(({ name }) => name === delivery.channel);
    if (channel === undefined) { // nobody listens there any more
      left = left.filter((one) => one !== delivery);
      continue;
    }
    try {
      const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
      await channel.tell(delivery.alert, patience);
      left = left.filter((one) => one !== delivery);
    } catch (error) {
      signal.throwIfAborted();
      failed.add(channel.name);
      delivery.error = error instanceof Error ? error.message : String(error);
      delivery.next = now() +
        Math.min(LONGEST_PAUSE_MS, PAUSE_MS * 2 ** Math.min(20, delivery.attempts++));
      warn(`An alert waits for ${channel.name}: ${delivery.error}`);
      if (delivery.attempts >= MOST_ATTEMPTS) {
        left = left.filter((one) => one !== delivery);
        warn(`Alert ${delivery.alert.id} is told to ${channel.name} no more`);
      }
    }
    await keep(left);
  }
  return left;
}
