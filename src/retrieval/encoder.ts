/** What retrieval needs of an encoder; those of `encoders/` are such. */

/** Turns texts into vectors whose product tells how close their meanings are. */
export interface PassageEncoder {
  /** Its name, with what tells its weights: vectors of two names cannot be compared. */
  readonly name: string;
  /** Size of a vector. */
  readonly size: number;
  /** The vectors of texts, text after text, shape [texts × size], each of length 1. */
  encode(
    texts: readonly string[],
    options?: { readonly signal?: AbortSignal },
  ): Promise<Float32Array>;
}
