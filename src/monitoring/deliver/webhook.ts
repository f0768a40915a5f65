/** Any web service: the alert as it stands in its file, posted as JSON. */

import type { OpenChannel } from "./contract.ts";
import { addressIn, postJson } from "./post.ts";

/** Opens the channel of `MONITOR_WEBHOOK`. */
export const openWebhook: OpenChannel = (env) => {
  const text = env("MONITOR_WEBHOOK");
  if (!text) return undefined;
  const url = addressIn("MONITOR_WEBHOOK", text);
  return { name: "webhook", tell: (alert, signal) => postJson(url, alert, signal) };
};
