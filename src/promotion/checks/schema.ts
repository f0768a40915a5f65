/** Whether all that callers send to the champion is taken by its successor too. */

import type { InputColumn, ModelMetadata } from "../../registry/mod.ts";
import type { Check } from "./contract.ts";

/** What a caller of one model could not send to the other, one clause each. */
export function incompatibilities(candidate: ModelMetadata, champion: ModelMetadata): string[] {
  const faults: string[] = [];
  if (candidate.task.kind !== champion.task.kind) {
    faults.push(`it is a ${candidate.task.kind} model, the champion a ${champion.task.kind} one`);
  }
  const [classes, before] = [candidate.class_labels, champion.class_labels];
  const sameClasses = classes.length === before.length &&
    classes.every((label) => before.includes(label));
  if (!sameClasses) {
    faults.push(`its classes are ${listed(classes)}, the champion's ${listed(before)}`);
  }
  const [own, other] = [positiveOf(candidate), positiveOf(champion)];
  if (sameClasses && own !== other) {
    faults.push(`its positive class is ${own}, the champion's ${other}`);
  }
  const taken = new Map(candidate.input_schema.map((column) => [column.name, column]));
  const sent = new Set(champion.input_schema.map(({ name }) => name));
  for (const column of champion.input_schema) {
    const fault = columnFault(taken.get(column.name), column);
    if (fault !== undefined) faults.push(`column "${column.name}" ${fault}`);
  }
  for (const { name, required } of candidate.input_schema) {
    if (required && !sent.has(name)) faults.push(`column "${name}" must be sent, and is new`);
  }
  return faults;
}

function columnFault(now: InputColumn | undefined, before: InputColumn): string | undefined {
  if (now === undefined) return "is not taken any more";
  if (now.kind !== before.kind) return `is a ${now.kind} now, and was a ${before.kind}`;
  if (now.required && !before.required) return "must be sent now";
  if (before.codes && !now.codes) return "takes no numbers for its codes any more";
  if ((now.decimal ?? ".") !== (before.decimal ?? ".")) {
    return `has its numbers written with "${now.decimal ?? "."}" now, and had "${
      before.decimal ?? "."
    }"`;
  }
}

function positiveOf({ task }: ModelMetadata): string | undefined {
  return task.kind === "binary" ? task.positive : undefined;
}

/** Why there is nothing to compare with. */
export function withoutChampion(standing: boolean): string {
  return standing ? "it is the champion already" : "there is no champion yet";
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.join(", ");
}

/** Compares what both take and give. */
export const schema: Check = {
  name: "schema",
  look({ candidate, champion, championFault, standing }) {
    if (championFault !== undefined) {
      return Promise.resolve({ passed: false, found: `the champion: ${championFault}` });
    }
    if (champion === undefined) {
      return Promise.resolve({ found: `not checked: ${withoutChampion(standing)}` });
    }
    const faults = incompatibilities(candidate.metadata, champion.metadata);
    const added = candidate.metadata.input_schema.length - champion.metadata.input_schema.length;
    return Promise.resolve({
      passed: faults.length === 0,
      found: faults.length > 0
        ? faults.join("; ")
        : `takes all that the champion does${added > 0 ? ` and ${added} more` : ""}`,
    });
  },
};
