/** Where a model comes from, and how a change there is noticed. */

import { type Bundle, findBundle, type ModelMetadata, readModel } from "../../src/registry/mod.ts";

/** A model that could be loaded. */
export interface Candidate {
  /** Changes when the model behind the reference changes. */
  readonly identity: string;
  /** Where it is, as people are told. */
  readonly source: string;
  /** Reads its metadata, and its ONNX file checked against the digest in them. */
  read(): Promise<{ readonly metadata: ModelMetadata; readonly onnx: Uint8Array }>;
}

/** Looks up what a reference means now. */
export interface Source {
  /**
   * @throws {ModelError} where it means nothing.
   * @throws {ServiceError} where the registry does not answer.
   */
  find(): Promise<Candidate>;
}

/** A version in a models folder; `wanted` as `findBundle` takes it. */
export function folderSource(folder: string, wanted: string): Source {
  return {
    async find() {
      const bundle = await findBundle(folder, wanted);
      return {
        identity: await fileIdentity(bundle),
        source: bundle.modelPath,
        read: async () => ({ metadata: bundle.metadata, onnx: await readModel(bundle) }),
      };
    },
  };
}

/** Tells when either file was written last: a repaired model is another one than the broken one. */
async function fileIdentity({ modelPath, metadataPath, metadata }: Bundle): Promise<string> {
  const stats = await Promise.all(
    [modelPath, metadataPath].map((path) => Deno.stat(path).catch(() => undefined)),
  );
  const written = stats.map((stat) => `${stat?.mtime?.getTime()}/${stat?.size}`);
  return [metadata.model_digest, ...written].join(" ");
}
