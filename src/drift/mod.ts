/**
 * Has the data changed since the model was trained? What a model remembers of
 * its training data, to compare later data with.
 *
 * @module
 */

export {
  type CategoryStatistics,
  categoryStatistics,
  type Histogram,
  type NumericStatistics,
  numericStatistics,
} from "./reference_statistics.ts";
