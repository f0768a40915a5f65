/** The sections of a training report about its search. */

import {
  barFigure,
  type Figure,
  parallelCoordinatesFigure,
  searchHistoryFigure,
  type Section,
  type Slice,
  slicesFigure,
} from "../../report/mod.ts";
import type { Distribution, ParameterValue, SearchPlan } from "../../search/mod.ts";
import { metricLabel } from "../metric_label.ts";
import { meanOf, standardError } from "../selection.ts";
import type { NestedFold, SearchFindings, TrialRecord } from "../trials.ts";

/** Rows of the table of trials; the report stays readable. */
const MOST_ROWS = 20;

/** Parameters of one figure; those that matter most. */
const MOST_PARAMETERS = 9;

/** The trials, how sure the choice is, and what the parameters mattered. */
export function searchSections(
  found: SearchFindings,
  nested: readonly NestedFold[] | undefined,
  select: string,
): Section[] {
  const label = metricLabel(select);
  const complete = ranked(found);
  const head = [
    ...["Trial", label, "Standard error", "Best minus it", "95 % from", "to", "p", "Settings"],
  ];
  const { plan, trials, importance } = found;
  const order = importance.map(({ name }) => name);
  const names = Object.keys(plan.space).sort((a, b) => place(order, a) - place(order, b))
    .slice(0, MOST_PARAMETERS)
    // Those that always exist stand together.
    .sort((a, b) => Number("when" in plan.space[a]) - Number("when" in plan.space[b]));
  return [
    {
      title: "Search",
      text: summary(found, label),
      table: { head, rows: complete.slice(0, MOST_ROWS).map((trial) => row(trial, found)) },
    },
    ...learnersSection(complete, found, head),
    ...nested === undefined ? [] : [nestedSection(nested, label)],
    {
      title: "Optimisation history",
      text:
        "Trials in the order in which they were begun. What a pruned trial had come to is the " +
        "mean of fewer folds.",
      figures: [searchHistoryFigure(
        `${label} by trial`,
        label,
        trials.map(({ number, state, value, reports }) => ({
          number,
          value: value ?? reports.at(-1)?.value,
          complete: state === "complete",
        })),
        plan.direction === "maximize",
      )],
    },
    ...importance.length === 0 ? [] : [{
      title: "Parameter importance",
      text: "Share of the variance over the whole space that each parameter explains alone " +
        "(fANOVA on a forest of the complete trials). What is missing to 1 is due to parameters " +
        "together. A parameter that exists for some trials only counts as the middle of its range " +
        "for the others.",
      figures: [barFigure(
        "Share of the variance by parameter",
        "Share",
        importance.map(({ name, share }) => ({ label: name, value: share })),
      )],
    }],
    {
      title: "Parallel coordinates",
      text:
        "A line for each complete trial. Where the best lines run together, the setting matters.",
      figures: [parallel(plan, complete, names, label)],
    },
    {
      title: "Slices",
      text: "Complete trials by one setting at a time: those of all trials, then those of some.",
      figures: [
        slicesFigure(
          `${label} by setting`,
          label,
          names.map((name) => slice(name, plan, complete)),
        ),
      ],
    },
  ];
}

function nestedSection(nested: readonly NestedFold[], label: string): Section {
  const [inner, outer] = [nested.map((fold) => fold.inner), nested.map((fold) => fold.outer)];
  return {
    title: "Nested cross-validation",
    text: `The search was made again within the training rows of each fold: ${label} ` +
      `${meanOf(outer).toFixed(4)} on rows that it had not seen (standard error ` +
      `${standardError(outer).toFixed(4)}), where it had promised ${meanOf(inner).toFixed(4)}.`,
    table: {
      head: ["Fold", `${label} promised`, `${label} unseen`, "Settings"],
      rows: nested.map((fold, i) => [i + 1, fold.inner, fold.outer, settingsText(fold.params)]),
    },
  };
}

/** How far the learners are apart, where several were searched: the table of trials may hold one only. */
function learnersSection(
  complete: readonly TrialRecord[],
  found: SearchFindings,
  head: readonly string[],
): Section[] {
  const kinds = [...new Set(complete.map(({ params }) => params.learner))];
  if (kinds.length < 2) return [];
  const best = kinds.map((kind) => complete.find(({ params }) => params.learner === kind)!);
  return [{
    title: "The best of each learner",
    text: "Best first, each with the settings that the search found for it. A learner of few " +
      "trials may have more in it.",
    table: { head, rows: best.map((trial) => row(trial, found)) },
  }];
}

/** Of several learners the settings are called by theirs, which is told once. */
function settingsText({ learner, ...params }: TrialRecord["params"]): string {
  const settings = Object.entries(params).map(([name, value]) => {
    const own = name.startsWith(`${learner}.`) ? name.slice(String(learner).length + 1) : name;
    return `${own}=${shown(value)}`;
  });
  return [...learner === undefined ? [] : [shown(learner)], ...settings].join(" ");
}

function place(order: readonly string[], name: string): number {
  const found = order.indexOf(name);
  return found < 0 ? order.length : found;
}

function ranked({ trials, plan }: SearchFindings): TrialRecord[] {
  const sign = plan.direction === "maximize" ? -1 : 1;
  return trials.filter(({ state }) => state === "complete")
    .sort((a, b) => sign * (a.value! - b.value!));
}

function summary(found: SearchFindings, label: string): string {
  const { trials, chosen, best, comparisons, skipped, rule, plan } = found;
  const of = (state: TrialRecord["state"]) => trials.filter((trial) => trial.state === state);
  const failures = [...new Set(of("failed").map(({ failure }) => failure))];
  const sure = comparisons.filter(({ pValue }) => pValue < 0.05).length;
  const sampler = typeof plan.sampler === "string" ? plan.sampler : plan.sampler.kind;
  return [
    `${trials.length} trials by ${sampler}: ${of("complete").length} complete, ` +
    `${of("pruned").length} pruned, ${of("failed").length} failed.`,
    ...skipped > 0 ? [`There was no time for ${skipped} more.`] : [],
    ...failures.length > 0 ? [`Failures: ${failures.slice(0, 3).join("; ")}.`] : [],
    rule === "best" || chosen === best
      ? `Trial ${chosen} has the best ${label} and is trained.`
      : `Trial ${best} has the best ${label}; trial ${chosen} is the simplest within one standard ` +
        `error of it and is trained.`,
    `By the corrected resampled t-test the best is told from ${sure} of ${comparisons.length} ` +
    `other complete trials at the level of 5 %, without regard to how many are compared.`,
    "The figure of a trial that was chosen among many is flattered by the choice; a test part or " +
    "nested cross-validation tells what to expect.",
  ].join(" ");
}

function row(trial: TrialRecord, { comparisons }: SearchFindings): (string | number)[] {
  const compared = comparisons.find(({ number }) => number === trial.number);
  return [
    trial.number,
    trial.value!,
    standardError(trial.folds),
    ...compared
      ? [compared.difference, compared.interval[0], compared.interval[1], compared.pValue]
      : [NaN, NaN, NaN, NaN],
    settingsText(trial.params),
  ];
}

function shown(value: ParameterValue): string {
  return typeof value === "number" ? String(Number(value.toPrecision(4))) : String(value);
}

/** The place of a value on its axis in [0, 1]. */
function placeOn(distribution: Distribution, value: ParameterValue): number {
  if (distribution.distribution === "categorical") {
    const { choices } = distribution;
    return choices.length === 1 ? 0.5 : choices.indexOf(value) / (choices.length - 1);
  }
  const { low, high, log } = distribution;
  if (low === high) return 0.5;
  return log
    ? Math.log(value as number / low) / Math.log(high / low)
    : (value as number - low) / (high - low);
}

function parallel(
  { space }: SearchPlan,
  complete: readonly TrialRecord[],
  names: readonly string[],
  label: string,
): Figure {
  const values = complete.map(({ value }) => value!);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return parallelCoordinatesFigure(
    `${label} and settings`,
    [
      {
        name: label,
        ticks: [[0, shown(low)], ...high > low ? [[1, shown(high)] as const] : []],
      },
      ...names.map((name) => ({ name, ticks: ticksOf(space[name]) })),
    ],
    complete.map(({ params, value }) => [
      high > low ? (value! - low) / (high - low) : 0.5,
      ...names.map((name) =>
        Object.hasOwn(params, name) ? placeOn(space[name], params[name]) : null
      ),
    ]),
  );
}

function ticksOf(distribution: Distribution): [number, string][] {
  const ends = distribution.distribution === "categorical"
    ? distribution.choices
    : [...new Set([distribution.low, distribution.high])];
  return ends.map((value) => [placeOn(distribution, value), shown(value)]);
}

function slice(name: string, { space }: SearchPlan, complete: readonly TrialRecord[]): Slice {
  const having = complete.filter(({ params }) => Object.hasOwn(params, name));
  const distribution = space[name];
  const isNumber = distribution.distribution !== "categorical";
  return {
    name,
    x: having.map(({ params }) => isNumber ? params[name] as number : String(params[name])),
    y: having.map(({ value }) => value!),
    ...isNumber && distribution.log && { log: true },
  };
}
