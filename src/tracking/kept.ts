/** The tags by which a run in a folder remembers the server it was meant for. */

import type { ExperimentChoice } from "./contract.ts";
import { record, text } from "./json.ts";
import type { TextValues } from "./store.ts";

const keptTag = "dinoflow.kept";
const sentTag = "dinoflow.sent";
const originTag = "dinoflow.run_id";

/** Where a kept run belongs. */
export interface Kept {
  /** Address of the server. */
  readonly server: string;
  readonly experiment: ExperimentChoice;
  /** The server's run that this one continues, if it got that far. */
  readonly runId?: string;
}

/** Tags of a run that is to be sent later. */
export function keptTags(kept: Kept): TextValues {
  return { [keptTag]: JSON.stringify(kept) };
}

/** Tags of a run that was sent: it is not sent again. */
export function sentTags(url: string): TextValues {
  return { [sentTag]: url };
}

/** Reads what {@linkcode keptTags} wrote; undefined for a run that was never meant for a server. */
export function readKept(tags: TextValues): Kept | undefined {
  if (tags[keptTag] === undefined) return undefined;
  const kept = record(JSON.parse(tags[keptTag]));
  const id = text(record(kept.experiment).id);
  return {
    server: String(kept.server),
    experiment: id === undefined ? String(kept.experiment) : { id },
    runId: text(kept.runId),
  };
}

/** Tags of the run on the server: the id that it had in the folder, as a model's metadata names it. */
export function originTags(localId: string): TextValues {
  return { [originTag]: localId };
}

/** MLflow's search for the run that had an id in a folder. */
export function originFilter(localId: string): string {
  return `tags.\`${originTag}\` = '${localId}'`;
}

/** Whether the run was sent. */
export function wasSent(tags: TextValues): boolean {
  return tags[sentTag] !== undefined;
}

/** The tags without those of the folder, which mean nothing on a server. */
export function withoutKeptTags(tags: TextValues): TextValues {
  return Object.fromEntries(
    Object.entries(tags).filter(([key]) => key !== keptTag && key !== sentTag),
  );
}
