/** `models compare`: two versions side by side, and on the same held-out rows. */

import { textTable } from "../../terminal/mod.ts";
import type { ModelsRequest } from "../arguments.ts";
import { comparisonText } from "../checks/not_worse.ts";
import { incompatibilities } from "../checks/schema.ts";
import { compareOnRows } from "../compare_models.ts";
import { heldOutRows } from "../held_out_rows.ts";
import { versionMeant, versionsIn } from "../places.ts";
import { UsageError } from "../../base/mod.ts";
import { type Desk, nameOfRequest, settleIfLeft } from "./desk.ts";
import { indented } from "./list.ts";

/** Compares a version with another, the champion if none is named. */
export async function compareVersions(request: ModelsRequest, desk: Desk): Promise<number> {
  const name = nameOfRequest(request, 3);
  await settleIfLeft(desk, name);
  const [, first, second = "champion"] = request.names;
  if (first === undefined) {
    throw new UsageError(`Cannot compare versions of ${name}: none is named`, {
      next: `name one or two, as in deno task models compare ${name} newest champion`,
    });
  }
  const versions = await versionsIn(desk.places, name);
  const [a, b] = [first, second].map((wanted) => versionMeant(versions, name, wanted));
  const [own, other] = [
    await desk.places.main.read(name, a.version),
    await desk.places.main.read(name, b.version),
  ];
  const metrics = [
    ...new Set([own, other].flatMap(({ metadata }) => Object.keys(metadata.metrics))),
  ];
  desk.tell(`${name}: ${a.bundle} beside ${b.bundle}`);
  desk.tell(indented(textTable([
    ["AS TRAINED", a.version, b.version],
    ...metrics.map((metric) => [
      metric,
      ...[own, other].map(({ metadata }) => metadata.metrics[metric]?.toFixed(4) ?? "–"),
    ]),
  ])));
  const faults = incompatibilities(own.metadata, other.metadata);
  desk.tell(
    faults.length === 0 ? "Takes all that the other does" : `Differs: ${faults.join("; ")}`,
  );
  const heldOut = await heldOutRows(own.metadata, request.data);
  const comparison = "reason" in heldOut || faults.some((fault) => /model, |classes/.test(fault))
    ? undefined
    : await compareOnRows(own, other, heldOut.table, request.metric);
  desk.tell(
    comparison !== undefined
      ? comparisonText(comparison)
      : `Not compared on held-out rows: ${"reason" in heldOut ? heldOut.reason : faults[0]}` +
        ("reason" in heldOut ? "; give them with --data FILE" : ""),
  );
  desk.json({
    versions: [a, b].map(({ version, bundle }, i) => ({
      version,
      bundle,
      metrics: [own, other][i].metadata.metrics,
    })),
    incompatibilities: faults,
    comparison: comparison ?? null,
  });
  return 0;
}
