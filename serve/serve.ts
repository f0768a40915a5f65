/** The life of a server: load, listen, follow the models, stop without losing anything. */

import { ServiceError } from "../src/base/mod.ts";
import { ModelRegistry } from "../src/tracking/mod.ts";
import { createApp } from "./app.ts";
import type { Config } from "./config/schema.ts";
import { printable } from "./config/text.ts";
import type { Observer, Role } from "./contract.ts";
import { Access } from "./http/access.ts";
import { Deadlines } from "./http/deadlines.ts";
import { isRegistryReference, registrySource } from "./model/registry_source.ts";
import { Slot } from "./model/slot.ts";
import { Slots } from "./model/slots.ts";
import { folderSource } from "./model/source.ts";

/**
 * Serves until SIGTERM or SIGINT.
 *
 * @throws {ServiceError} where it cannot listen.
 */
export async function serve(config: Config, observer: Observer): Promise<void> {
  observer.log("info", "starting", { config: printable(config) });
  const { adminClosed } = new Access(config);
  if (adminClosed) observer.log("warn", "admin routes are closed", { reason: adminClosed });
  const slots = slotsOf(config, observer);
  using deadlines = new Deadlines(config.concurrency, config.timeoutMs);
  const life = { startedAt: new Date(), stopping: false };
  const router = { choose: (): Role => "champion" };
  const app = createApp({ config, slots, router, observer, deadlines, life });

  await slots.follow();
  const server = listen(config, (request) => app.fetch(request));
  const { hostname, port } = server.addr;
  observer.log("info", "listening", { url: `http://${hostname}:${port}` });
  const follower = setInterval(() => slots.follow(), config.pollSeconds * 1000);

  const signal = await untilSignal();
  observer.log("info", "stopping", { signal });
  life.stopping = true;
  clearInterval(follower);
  await server.shutdown();
  await slots.close();
  observer.log("info", "stopped");
  await observer.close();
}

function listen(
  { host: hostname, port }: Config,
  handler: Deno.ServeHandler,
): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve({ hostname, port, onListen: () => {} }, handler);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ServiceError(`Cannot listen on ${hostname}:${port}: ${reason}`, {
      cause,
      next: "choose another --port or --host, or end what listens there",
    });
  }
}

/** The first signal asks to stop, a second one ends the process at once. */
function untilSignal(): Promise<Deno.Signal> {
  const signals: Deno.Signal[] = ["SIGTERM", "SIGINT"];
  return new Promise((resolve) => {
    for (const signal of signals) {
      let asked = false;
      Deno.addSignalListener(signal, () => {
        if (asked) Deno.exit(130);
        asked = true;
        resolve(signal);
      });
    }
  });
}

function slotsOf(config: Config, observer: Observer): Slots {
  const model = {
    unknownFields: config.unknownFields,
    routingKey: config.routingKey,
    microBatch: config.microBatch,
    threshold: config.threshold === undefined
      ? undefined
      : { value: config.threshold, label: config.thresholdClass },
    onBatch: (rows: number) => observer.batch(rows),
  };
  const registry = config.mlflowTrackingUri && ModelRegistry.open(config.mlflowTrackingUri);
  const open = (reference: string) =>
    registry && isRegistryReference(reference)
      ? registrySource(registry, reference)
      : folderSource(config.modelsFolder, reference);
  const slot = (role: Role, reference: string) =>
    new Slot({ role, reference, open, model, observer });
  return new Slots(
    slot("champion", config.model),
    config.challenger === undefined
      ? undefined
      : slot(config.challengerMode === "shadow" ? "shadow" : "challenger", config.challenger),
    config.extraModels.map((reference) => slot("champion", reference)),
  );
}
