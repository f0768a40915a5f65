/** A piece of code as it is kept. */

import { sha256 } from "../base/mod.ts";
import type { Part } from "./part.ts";

/** A piece of code as it is kept: its digest for its text. */
export interface CodePart extends Omit<Part, "text"> {
  /** SHA-256 of the code without comments, formatting and types. */
  readonly digest: string;
}

/** Names a part by its digest. */
export function codePart({ text, ...rest }: Part): CodePart {
  return { digest: sha256(new TextEncoder().encode(text)), ...rest };
}
