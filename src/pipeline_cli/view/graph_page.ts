/** What a run would do, and how the last one went, as a page. */

import { html, type HtmlPart } from "../../base/mod.ts";
import {
  type Plan,
  type PlanEntry,
  reasonText,
  type RunRecord,
  unitName,
  wiringOf,
} from "../../pipeline/mod.ts";
import { type BoxLook, graphSvg } from "./graph_svg.ts";
import { htmlTable, outputLink, runnerPage } from "./page.ts";
import { duration, size } from "../../terminal/mod.ts";

/**
 * The graph with what a run would do, how the last run went, and links to outputs.
 *
 * @param link The address of an output's document, seen from the page.
 */
export function graphPage(
  pipeline: string,
  { graph, entries }: Plan,
  last: RunRecord | undefined,
  link: (digest: string) => string,
): string {
  const heads = ["Step", "Next run", "Why", "Last run", "Time", "Size", "Output"];
  return runnerPage(
    `Pipeline ${pipeline}`,
    html`<p>${lastText(last)}</p>
${graphSvg(wiringOf(graph), ({ name, kind }) => look(name, kind, entries, last))}
${htmlTable(heads, entries.map((entry) => row(entry, last, link)))}`,
  );
}

function look(
  name: string,
  kind: string,
  entries: readonly PlanEntry[],
  last: RunRecord | undefined,
): BoxLook {
  const own = entries.filter(({ step }) => step === name);
  const verdict = (["RUN", "MAYBE", "CACHED"] as const).find((wanted) =>
    own.some((entry) => entry.verdict === wanted)
  );
  const units = last?.units.filter(({ step }) => step === name) ?? [];
  const seconds = units.reduce((sum, unit) => sum + unit.seconds, 0);
  const said = verdict ?? kind;
  return {
    className: verdict ?? "",
    note: units.length > 0 ? `${said} · ${duration(seconds)}` : said,
  };
}

function row(
  { step, item, verdict, reasons, artifact }: PlanEntry,
  last: RunRecord | undefined,
  link: (digest: string) => string,
): HtmlPart[] {
  const unit = last?.units.find((found) => found.step === step && found.item === item);
  const digest = artifact ?? unit?.artifact?.digest;
  return [
    unitName(step, item),
    verdict,
    reasons.map(reasonText).join(", "),
    unit?.status ?? "",
    unit ? duration(unit.seconds) : "",
    unit?.artifact ? size(unit.artifact.bytes) : "",
    digest === undefined ? "" : outputLink(link(digest), digest),
  ];
}

function lastText(last: RunRecord | undefined): string {
  if (!last) return "It was not run yet.";
  return `Last run ${last.run}, ${last.status} after ${duration(last.seconds)}.`;
}
