/** Ships what happens in pipeline runs. */

import type { RunEvent } from "../run_events/mod.ts";
import { runEventLine } from "./run_events.ts";
import type { LogSettings } from "./settings.ts";
import { LogShipper } from "./shipper.ts";

/** What hears of runs. */
export interface RunEar {
  /** Takes an event. */
  readonly hear: (event: RunEvent) => void;
  /** Sends or keeps what waits. */
  readonly close: () => Promise<void>;
}

/**
 * Makes an ear that ships.
 *
 * @param warn Tells the user, once, that lines wait or are lost: the run goes on.
 */
export function shipRuns(settings: LogSettings, warn: (text: string) => void): RunEar {
  const told = new Set<string>();
  const once = (kind: string, text: string) => {
    if (told.has(kind)) return;
    told.add(kind);
    warn(text);
  };
  const source = { service: "dinoflow-pipelines", dataset: "dinoflow.pipelines" };
  const shipper = new LogShipper(settings, source, {
    onTrouble: (trouble) => trouble && once("wait", trouble),
    onLost: (_, reason) => once("lost", `log lines are not shipped: ${reason}`),
  });
  let run: { readonly run?: string; readonly pipeline?: string } = {};
  return {
    hear(event) {
      if (event.type === "run_started") run = { run: event.run, pipeline: event.pipeline };
      const line = runEventLine(event, run);
      if (line !== undefined) shipper.add(line);
    },
    close: () => shipper.close(),
  };
}
