/** Dates in ISO 8601: parsed, counted in days and taken apart inside the graph. */

import { type DatePart, datePattern, type DateState } from "../../features/mod.ts";
import type { OnnxGraph } from "../../onnx_format/mod.ts";
import { encodeTexts } from "./one_hot.ts";
import { type FeatureBlock, following, type Placed } from "./placed.ts";

/** Numbers of a date as tensors of integers, shape [N]. */
interface Parts {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly hour: string;
}

/** Converts a column of dates; what is no date gets what a missing one does. */
export function convertDate(
  graph: OnnxGraph,
  { state: { parts, age, fill, missing }, input, first }: Placed<DateState>,
): FeatureBlock {
  let valid = graph.node("RegexFullMatch", [input], { pattern: datePattern });
  const markers = missing.filter((text) => new RegExp(`^(?:${datePattern})$`).test(text));
  if (markers.length > 0) {
    const codes = encodeTexts(graph, input, markers.map((text) => [text, 0] as const), 1);
    const unmarked = graph.node("Greater", [codes, graph.integers([0], [1])]);
    valid = graph.node("And", [valid, unmarked]);
  }
  const text = graph.node("Where", [valid, input, graph.texts(["1970-01-01"], [1])]);
  const moment = takeApart(graph, text);
  const columns = parts.map((part) => graph.cast(partOf[part](graph, moment), "float"));
  if (age) {
    const days = minus(graph, constant(graph, age.at), daysOf(graph, moment));
    columns.push(graph.node("Div", [graph.cast(days, "float"), graph.floats([age.days], [1])]));
  }
  const features = graph.sideBySide(columns);
  const there = graph.node("Reshape", [valid, graph.integers([-1, 1], [2])]);
  const filled = graph.floats(fill.map((value) => value ?? NaN), [fill.length]);
  return {
    output: graph.node("Where", [there, features, filled]),
    features: following(first, fill.length),
  };
}

const partOf: { readonly [P in DatePart]: (graph: OnnxGraph, moment: Parts) => string } = {
  year: (_graph, { year }) => year,
  month: (_graph, { month }) => month,
  day: (_graph, { day }) => day,
  weekday: (graph, moment) => mod(graph, plus(graph, daysOf(graph, moment), 2), 7),
  dayOfYear(graph, moment) {
    const one = constant(graph, 1);
    const newYear = daysOf(graph, { ...moment, month: one, day: one });
    return plus(graph, minus(graph, daysOf(graph, moment), newYear), 1);
  },
  hour: (_graph, { hour }) => hour,
};

/**
 * The numbers of valid dates. Texts are split if they may be, with pieces
 * added behind, so that every text has as many as are read.
 */
function takeApart(graph: OnnxGraph, text: string): Parts {
  const concat = (...texts: string[]) =>
    texts.reduce((left, right) => graph.node("StringConcat", [left, right]));
  const piece = (of: string, separator: string, at: number) => {
    const pieces = graph.splitText(of, separator);
    return graph.node("Gather", [pieces, graph.integers([at], [])], { axis: 1 });
  };
  const behind = (end: string) => concat(text, graph.texts([end], [1]));
  // Either may stand before the time; the other one then gives what was added.
  const [byLetter, byBlank] = [behind("T"), behind(" ")];
  const date = piece(piece(byLetter, "T", 0), " ", 0);
  const after = concat(piece(byLetter, "T", 1), piece(byBlank, " ", 1));
  const hasTime = graph.node("RegexFullMatch", [text], { pattern: ".{11}.*" });
  const time = graph.node("Where", [hasTime, after, graph.texts(["00:00"], [1])]);
  const number = (digits: string) => graph.cast(digits, "int64");
  return {
    year: number(piece(date, "-", 0)),
    month: number(piece(date, "-", 1)),
    day: number(piece(date, "-", 2)),
    hour: number(piece(time, ":", 0)),
  };
}

/** Days since 1 March of year 0, as the native features count them; all terms are 0 or more. */
function daysOf(graph: OnnxGraph, { year, month, day }: Parts): string {
  const shifted = mod(graph, plus(graph, month, 9), 12);
  const early = graph.cast(graph.node("Less", [month, constant(graph, 3)]), "int64");
  const years = minus(graph, year, early);
  const centuries = over(graph, years, 100);
  const whole = [
    times(graph, years, 365),
    over(graph, years, 4),
    over(graph, years, 400),
    over(graph, plus(graph, times(graph, shifted, 153), 2), 5),
    day,
  ].reduce((sum, term) => graph.node("Add", [sum, term]));
  return plus(graph, minus(graph, whole, centuries), -1);
}

function constant(graph: OnnxGraph, value: number): string {
  return graph.integers([value], [1]);
}

function plus(graph: OnnxGraph, left: string, right: number): string {
  return graph.node("Add", [left, constant(graph, right)]);
}

function times(graph: OnnxGraph, left: string, right: number): string {
  return graph.node("Mul", [left, constant(graph, right)]);
}

function over(graph: OnnxGraph, left: string, right: number): string {
  return graph.node("Div", [left, constant(graph, right)]);
}

function mod(graph: OnnxGraph, left: string, right: number): string {
  return graph.node("Mod", [left, constant(graph, right)]);
}

function minus(graph: OnnxGraph, left: string, right: string): string {
  return graph.node("Sub", [left, right]);
}
