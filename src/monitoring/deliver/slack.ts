/** Slack and what takes its incoming webhooks, as Mattermost and Rocket.Chat do. */

import { alertLine, type OpenChannel } from "./contract.ts";
import { addressIn, postJson } from "./post.ts";

/** Opens the channel of `MONITOR_SLACK_WEBHOOK`. */
export const openSlack: OpenChannel = (env) => {
  const text = env("MONITOR_SLACK_WEBHOOK");
  if (!text) return undefined;
  const url = addressIn("MONITOR_SLACK_WEBHOOK", text);
  return {
    name: "slack",
    tell: (alert, signal) =>
      postJson(url, { text: `${alertLine(alert)}\n${alert.action_required}` }, signal),
  };
};
