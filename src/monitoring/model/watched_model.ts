/** The model whose inputs and predictions are watched. */

import {
  deployedMetadata,
  findBundle,
  listBundles,
  type ModelMetadata,
} from "../../registry/mod.ts";
import { type DeclaredColumns, declaredColumns } from "./declared_columns.ts";

/** A model as monitoring needs it: all that is known of it comes from its metadata. */
export interface WatchedModel {
  /** `<name>_v_<version>`. */
  readonly name: string;
  /** Path of its file. */
  readonly path: string;
  /** What was written beside it. */
  readonly metadata: ModelMetadata;
  /** Its columns as training knew them. */
  readonly declared: DeclaredColumns;
}

/**
 * The model that the parameters name; undefined for `none`, and for `latest`
 * where there is no model at all.
 *
 * @throws {ModelError} if it cannot be found.
 */
export async function watchedModel(
  { model, models }: { readonly model: string; readonly models: string },
): Promise<WatchedModel | undefined> {
  if (model === "none") return undefined;
  if (model === "latest" && (await listBundles(models)).length === 0) return undefined;
  const bundle = await findBundle(models, model);
  const { modelPath } = bundle;
  // As it answers: with the threshold that it is deployed with.
  const metadata = deployedMetadata(bundle);
  return {
    name: `${metadata.model_name}_v_${metadata.version}`,
    path: modelPath,
    metadata,
    declared: declaredColumns(metadata),
  };
}

/** The columns that the model reads and `columns` lack. */
export function columnsMissing({ metadata }: WatchedModel, columns: object): string[] {
  return metadata.feature_state.columns.map(({ name }) => name)
    .filter((name) => !Object.hasOwn(columns, name));
}
