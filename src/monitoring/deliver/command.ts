/** A program of one's own, which gets the alert as JSON at its standard input. */

import { UsageError, UserError } from "../../base/mod.ts";
import type { OpenChannel } from "./contract.ts";

/** Opens the channel of `MONITOR_COMMAND`: a program and its arguments as a JSON list. */
export const openCommand: OpenChannel = (env) => {
  const text = env("MONITOR_COMMAND");
  if (!text) return undefined;
  const [program, ...args] = commandIn(text);
  return {
    name: "command",
    async tell(alert, signal) {
      const child = new Deno.Command(program, {
        ...{ args, signal },
        stdin: "piped",
        stdout: "null",
        stderr: "inherit",
      }).spawn();
      const writer = child.stdin.getWriter();
      // A program that does not read its input is no failure.
      await writer.write(new TextEncoder().encode(JSON.stringify(alert) + "\n")).catch(() => {});
      await writer.close().catch(() => {});
      const { success, code } = await child.status;
      if (!success) {
        throw new UserError(`Cannot tell ${program} of an alert: it ended with ${code}`);
      }
    },
  };
};

function commandIn(text: string): readonly string[] {
  try {
    const found = JSON.parse(text);
    if (Array.isArray(found) && found.length > 0 && found.every((one) => typeof one === "string")) {
      return found;
    }
  } catch {
    // said below
  }
  throw new UsageError(`Cannot use MONITOR_COMMAND=${text}: it is no list of texts`, {
    next: 'write ["program", "argument"]',
  });
}
