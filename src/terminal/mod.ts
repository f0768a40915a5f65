/**
 * Text for people at a terminal: streams, colours, tables, numbers and errors in words.
 *
 * @module
 */

export { bold, cyan, dim, green, red, type Style, yellow } from "./colors.ts";
export { processStreams, type Sink, streamSink } from "./sink.ts";
export { fittedTable, type Flexible, textTable } from "./text_table.ts";
export { assignments, duration, errorLines, metricText, size } from "./words.ts";
