/** The comms that are open, of which some are answered without the cells. */

import type { Inspector } from "../inspector.ts";
import { listedVariables } from "../variables.ts";
import { linksById } from "./cell_marks.ts";

/** What answers a message of a comm. */
export type Answerer = (data: unknown, inspector: Inspector) => Promise<object>;

/** The answerers, by the target of the comm. */
const ownComms: ReadonlyMap<string, Answerer> = new Map<string, Answerer>([
  ["dinoflow.links", async (data) => ({ links: await linksById(data) })],
  ["dinoflow.variables", async (_, inspector) => ({ variables: await listedVariables(inspector) })],
]);

/** What a message of a comm says. */
type Content = Readonly<Record<string, unknown>>;

/** The comms of one kernel. */
export class Comms {
  readonly #targets = new Map<string, string>();

  /** Hears a message, of the cells or of a front end. */
  hear(type: string, { comm_id, target_name }: Content): void {
    if (type === "comm_open") this.#targets.set(String(comm_id), String(target_name));
    else if (type === "comm_close") this.#targets.delete(String(comm_id));
  }

  /** Those of one target, or all, by their ids. */
  listed(target: unknown): Record<string, { readonly target_name: string }> {
    const comms = [...this.#targets].filter(([, name]) => target === undefined || name === target);
    return Object.fromEntries(comms.map(([id, target_name]) => [id, { target_name }]));
  }

  /** What answers a message instead of the cells. */
  answerer({ comm_id }: Content): Answerer | undefined {
    return ownComms.get(this.#targets.get(String(comm_id)) ?? "");
  }
}
