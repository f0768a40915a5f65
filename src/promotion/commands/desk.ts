/** What every command about models has at hand. */

import { holderText, ServiceError, UsageError, UserError } from "../../base/mod.ts";
import { hasJournal, lockModel, MlflowRegistry, settle } from "../../registry/mod.ts";
import type { ModelsRequest } from "../arguments.ts";
import type { PromotionPlaces } from "../places.ts";

/** What every command has at hand. */
export interface Desk {
  /** The registries. */
  readonly places: PromotionPlaces;
  /** Interrupts it. */
  readonly signal: AbortSignal;
  /** Tells people a line; beside the answer if that is JSON. */
  readonly tell: (text: string) => void;
  /** Tells what they should know though it went on. */
  readonly warn: (text: string) => void;
  /** Gives the answer as JSON, if that is asked for. */
  readonly json: (value: unknown) => void;
}

/** Exit code of a promotion that the checklist refused. */
export const REFUSED = 3;

/**
 * The name of the model that a command is about.
 *
 * @param most How many words may follow the command.
 * @throws {UsageError} if it is missing, or there is more.
 */
export function nameOfRequest({ command, names }: ModelsRequest, most: number): string {
  if (names.length === 0) {
    throw new UsageError(`Cannot ${command} without the name of a model`, {
      next: `name one, as in deno task models ${command} loans; deno task models list shows them`,
    });
  }
  if (names.length > most) {
    throw new UsageError(`Cannot understand "${names[most]}" after ${command} ${names[0]}`, {
      next: "see deno task models --help",
    });
  }
  return names[0];
}

/**
 * Changes a model: one change at a time, and whatever was interrupted before is settled first.
 *
 * @throws {UserError} if another change is under way.
 */
export async function changing<T>(
  desk: Desk,
  { command, by }: Pick<ModelsRequest, "command" | "by">,
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  const { folder } = desk.places.folder;
  const answer = lockModel(folder, name, `${command} ${name} by ${by}`);
  if ("holder" in answer) {
    throw new UserError(
      `Cannot ${command} ${name}: ${holderText(answer.holder)} is under way`,
      { next: "wait until it is done, look at the result, and ask again" },
    );
  }
  using _ = answer.lock;
  await settleLeft(desk, name);
  return await work();
}

/** Settles what was interrupted, if nobody is at it; of a look at a model it is no condition. */
export async function settleIfLeft(desk: Desk, name: string): Promise<void> {
  const { folder } = desk.places.folder;
  if (!await hasJournal(folder, name)) return;
  const answer = lockModel(folder, name, `a look at ${name}`);
  if ("holder" in answer) return desk.warn(`${holderText(answer.holder)} is under way`);
  using _ = answer.lock;
  try {
    await settleLeft(desk, name);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    desk.warn(error.message);
  }
}

async function settleLeft({ places, warn }: Desk, name: string): Promise<void> {
  const { server, folder } = places;
  const open = (place: string) => place === server?.place ? server : MlflowRegistry.open(place);
  const settled = await settle(folder, name, open);
  if (settled === undefined) return;
  const { entry: { action, from, to, places: where }, happened } = settled;
  warn(
    `an earlier ${action} (${from ?? "nothing"} → ${to ?? "nothing"}) was interrupted; it has ` +
      `${happened ? "happened" : "not happened"} now in ${where.join(" and ")}`,
  );
}
