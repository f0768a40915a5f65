/** The parts of an orchestrated run, told as one run. */

import { type RunRecord, unitName, type UnitRecord } from "../pipeline/mod.ts";

/**
 * One record of what ran step by step, maybe on several machines: it failed if the newest part of a
 * step did, and runs as long as a part does. A unit that a part made counts more than one that
 * another part only took.
 *
 * @param parts Records with one `partOf`, 1 or more.
 */
export function joinParts(parts: readonly RunRecord[]): RunRecord {
  const inOrder = parts.toSorted((a, b) => a.startedAt < b.startedAt ? -1 : 1);
  const [{ partOf, partial: _partial, ...first }] = inOrder;
  const start = Date.parse(first.startedAt);
  const newest = new Map(inOrder.map((part) => [part.partial, part]));
  const statuses = Array.from(newest.values(), ({ status }) => status);
  const units = new Map<string, UnitRecord>();
  for (const { startedAt, units: own } of inOrder) {
    const later = (Date.parse(startedAt) - start) / 1000;
    for (const unit of own) {
      const name = unitName(unit.step, unit.item);
      if (unit.status === "cached" && units.has(name)) continue;
      units.set(name, { ...unit, startedAfter: unit.startedAfter + later });
    }
  }
  const ends = inOrder.map(({ startedAt, seconds }) =>
    (Date.parse(startedAt) - start) / 1000 + seconds
  );
  const exitCode = Array.from(newest.values(), ({ exitCode }) => exitCode).find((code) => code);
  return {
    ...first,
    run: partOf!,
    status: (["running", "failed", "cancelled"] as const).find((one) => statuses.includes(one)) ??
      "succeeded",
    seconds: Math.max(...ends),
    exitCode: exitCode ?? 0,
    units: [...units.values()],
  };
}
