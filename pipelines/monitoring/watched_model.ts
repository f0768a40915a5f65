/** The model whose inputs and predictions are watched. */

import { ModelError } from "../../src/base/mod.ts";
import type { FeatureState } from "../../src/features/mod.ts";
import {
  type Bundle,
  findBundle,
  listBundles,
  type ReferenceClasses,
} from "../../src/registry/mod.ts";
import { creditFeatures } from "../credit_score/columns.ts";

/** A model as monitoring needs it. */
export interface WatchedModel {
  /** `<name>_v_<version>`. */
  readonly name: string;
  readonly bundle: Bundle;
  /** Class labels in the order of their codes. */
  readonly classes: readonly string[];
  /** What its features learned. */
  readonly state: FeatureState;
  /** Its held-out predictions of classes; undefined in models of older versions. */
  readonly reference?: ReferenceClasses;
}

/**
 * The model that the parameters name; undefined for `none`, and for `latest`
 * where there is no model at all.
 *
 * @throws {ModelError} where it cannot be found, or reads other columns than those declared here.
 */
export async function watchedModel(
  { model, models }: { readonly model: string; readonly models: string },
): Promise<WatchedModel | undefined> {
  if (model === "none") return undefined;
  if (model === "latest" && (await listBundles(models)).length === 0) return undefined;
  const bundle = await findBundle(models, model);
  const { metadata } = bundle;
  const name = `${metadata.model_name}_v_${metadata.version}`;
  const unknown = metadata.input_schema.find(({ name }) =>
    !Object.hasOwn(creditFeatures.columns, name)
  );
  if (unknown !== undefined) {
    throw new ModelError(
      `Cannot watch ${name}: its column "${unknown.name}" is not declared in ` +
        "pipelines/credit_score/columns.ts",
      { next: "train a new model, or compare two files with --param model=none" },
    );
  }
  const kept = metadata.reference_performance;
  return {
    name,
    bundle,
    classes: metadata.class_labels,
    state: metadata.feature_state,
    reference: kept?.kind === "numbers" ? undefined : kept,
  };
}
