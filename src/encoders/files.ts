/** Where encoders lie, and whether what lies there is what was pinned. */

import { ifPresent, join, ModelError, sha256 } from "../base/mod.ts";
import { type EncoderName, knownEncoder } from "./known.ts";

/** Folder of the encoders, from the folder of the project; never committed. */
export const encodersFolder = "data/encoders";

/** The content of an encoder's files. */
export interface EncoderFiles {
  /** The ONNX file. */
  readonly model: Uint8Array<ArrayBuffer>;
  /** The tokenizer as JSON. */
  readonly tokenizer: string;
}

/**
 * Reads an encoder's files, checked against their digests.
 *
 * @returns Undefined if they are not there.
 * @throws {ModelError} if a file is another than was pinned.
 */
export async function readEncoder(
  name: EncoderName,
  folder: string = encodersFolder,
): Promise<EncoderFiles | undefined> {
  const { files: { model, tokenizer } } = knownEncoder(name);
  const read = async ({ name: file, digest }: typeof model) => {
    const path = join(folder, name, file);
    const content = await ifPresent(Deno.readFile(path));
    if (content !== undefined) checkPinned(path, content, digest);
    return content;
  };
  const [onnx, words] = [await read(model), await read(tokenizer)];
  if (onnx === undefined || words === undefined) return undefined;
  return { model: onnx, tokenizer: new TextDecoder().decode(words) };
}

/**
 * Makes sure that a file is the one that was pinned.
 *
 * @throws {ModelError} with both digests if it is not.
 */
export function checkPinned(path: string, content: Uint8Array, wanted: string): void {
  const found = sha256(content);
  if (found === wanted) return;
  throw new ModelError(
    `Cannot use ${path}: its SHA-256 is ${found.slice(0, 12)}…, wanted ${wanted.slice(0, 12)}…`,
    { next: "remove the file and fetch it again: deno task encoder" },
  );
}
