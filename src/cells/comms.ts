/** How a cell's process hears front ends: by comms, where its kernel has them. */

import { kernel } from "./view.ts";

/** Hears a comm: its opening, its messages and its end. */
export type CommHearer = (
  type: string,
  content: { readonly comm_id: string; readonly data: Readonly<Record<string, unknown>> },
) => void;

/** What the kernel Dinoflow (Deno) gives cells beside `Deno.jupyter`. */
export interface KernelComms {
  /** Hears what is sent to a target, or to a comm that is open. */
  onComm(name: string, listener: CommHearer): void;
  /** Names of the columns of the tables that are kept, for completion. */
  columns?(): readonly string[];
  /** Sends a message. */
  broadcast(type: string, content: Record<string, unknown>): Promise<void>;
}

/** The comms of the kernel that runs this code; undefined where there are none. */
export function kernelComms(): KernelComms | undefined {
  const jupyter = kernel() as unknown as Partial<KernelComms> | undefined;
  return jupyter?.onComm === undefined ? undefined : jupyter as KernelComms;
}
