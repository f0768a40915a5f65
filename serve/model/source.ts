/** Where a model comes from, and how a change there is noticed. */

import { ModelError, useFile } from "../../src/base/mod.ts";
import {
  type Bundle,
  deployedMetadata,
  findBundle,
  type ModelMetadata,
  readModel,
} from "../../src/registry/mod.ts";

/** A model that could be loaded. */
export interface AvailableModel {
  /** Changes when the model behind the reference changes. */
  readonly identity: string;
  /** Where it is, as people are told. */
  readonly source: string;
  /** Reads its metadata, and its file checked against the digest in them. */
  read(): Promise<{ readonly metadata: ModelMetadata; readonly file: Uint8Array }>;
  /** Says that it is in use until the result is disposed of, where somebody might remove it. */
  hold?(): Disposable;
}

/** Looks up what a reference means now. */
export interface Source {
  /**
   * @param current The model that answers, whose name the reference keeps to where it says none.
   * @throws {ModelError} if it means nothing, or a model of another name.
   * @throws {ServiceError} if the registry does not answer.
   */
  find(current?: ModelMetadata): Promise<AvailableModel>;
}

/** A version in a models folder; `wanted` as `findBundle` takes it. */
export function folderSource(folder: string, wanted: string): Source {
  return {
    async find(current) {
      // Each name has a newest version of its own; that of another is no successor.
      const own = wanted === "latest" && current?.name === current?.model_name
        ? current?.name
        : undefined;
      const bundle = await findBundle(folder, own ?? wanted);
      checkName(bundle, current);
      return {
        identity: await fileIdentity(bundle),
        source: bundle.modelPath,
        read: async () => ({ metadata: deployedMetadata(bundle), file: await readModel(bundle) }),
        hold: () => useFile(bundle.metadataPath),
      };
    },
  };
}

/** A name that is not told, as older versions have none, may be any. */
function checkName({ metadata, modelPath }: Bundle, current: ModelMetadata | undefined): void {
  const [found, kept] = [metadata.name, current?.name];
  if (found === undefined || kept === undefined || found === kept) return;
  throw new ModelError(
    `Cannot let ${modelPath} answer: it is a model "${found}", and "${kept}" is served`,
    { next: `load it with POST /model/load where that is meant, or serve it beside the other` },
  );
}

/** Tells when either file was written last: a repaired model is another one than the broken one. */
async function fileIdentity(bundle: Bundle): Promise<string> {
  const { modelPath, metadataPath, metadata, deployment } = bundle;
  const stats = await Promise.all(
    [modelPath, metadataPath].map((path) => Deno.stat(path).catch(() => undefined)),
  );
  const written = stats.map((stat) => `${stat?.mtime?.getTime()}/${stat?.size}`);
  // Deployed with another threshold than its own, it answers otherwise.
  const [own, threshold] = [metadata.decision, deployment?.threshold];
  const same = threshold === undefined ||
    threshold.threshold === own?.threshold && threshold.label === own.label;
  const deployed = same ? [] : [`${threshold.threshold}/${threshold.label}`];
  return [metadata.model_digest, ...written, ...deployed].join(" ");
}
