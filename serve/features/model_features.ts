/** What is stored of entities, for the models that were trained on it. */

import type { RunningModel } from "../model/running_model.ts";
import type { Metrics } from "../observe/metrics.ts";
import type { StoredFeatures } from "../predict/predictor.ts";
import type { CompletedRecord, FeatureReader } from "./feature_reader.ts";
import { trainingBin } from "./skew.ts";

/** Completes records and counts what models were given. */
export class ModelFeatures implements StoredFeatures {
  /** Takes the reader, and where it is counted. */
  constructor(
    private readonly reader: FeatureReader,
    private readonly metrics: Pick<Metrics, "featureValues">,
  ) {}

  /** Records for a model, with the views that its metadata name. */
  async complete(model: RunningModel, records: readonly unknown[]): Promise<CompletedRecord[]> {
    const { name, version, metadata: { feature_views = [], reference_statistics } } = model;
    const all = await this.reader.complete(feature_views, records, (field) => model.knows(field));
    for (const { stored } of all) {
      for (const feature in stored) {
        const bin = trainingBin(reference_statistics[feature], stored[feature]);
        if (bin !== undefined) this.metrics.featureValues.of(name, version, feature, bin).value++;
      }
    }
    return all;
  }
}
