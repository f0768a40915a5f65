/** Signatures of what machines share, so that a stranger's record is not taken for a team's own. */

const HEAD = "hmac-sha256 ";

/** Signs values and takes only those that whoever has the same key signed. */
export class RecordSignature {
  readonly #keys: readonly Promise<CryptoKey>[];

  /**
   * Takes the keys: the first signs, and what any of them signed counts, so that a key can be
   * changed on one machine after another. Without one nothing is signed, and signatures are not
   * looked at.
   */
  constructor(...keys: string[]) {
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    this.#keys = keys.map((key) => {
      const bytes = new TextEncoder().encode(key);
      return crypto.subtle.importKey("raw", bytes, algorithm, false, ["sign", "verify"]);
    });
  }

  /** A value with the signature of its name and content before it. */
  async sign(name: string, value: Uint8Array): Promise<Uint8Array> {
    const [key] = this.#keys;
    if (key === undefined) return value;
    const mac = await crypto.subtle.sign("HMAC", await key, named(name, value));
    return joined(`${HEAD}${new Uint8Array(mac).toHex()}\n`, value);
  }

  /** The value without its signature; undefined if that is missing or wrong where one is asked for. */
  async open(name: string, sealed: Uint8Array): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const end = sealed.indexOf(0x0a);
    const head = new TextDecoder().decode(sealed.subarray(0, Math.max(end, 0)));
    const mac = /^hmac-sha256 ([0-9a-f]{64})$/.exec(head)?.[1];
    const value = new Uint8Array(mac === undefined ? sealed : sealed.subarray(end + 1));
    if (this.#keys.length === 0) return value;
    if (mac === undefined) return undefined;
    const given = Uint8Array.fromHex(mac);
    for (const key of this.#keys) {
      if (await crypto.subtle.verify("HMAC", await key, given, named(name, value))) return value;
    }
    return undefined;
  }
}

/** The name counts, so that a record cannot be put in the place of another. */
function named(name: string, value: Uint8Array): Uint8Array<ArrayBuffer> {
  return joined(`${name}\n`, value);
}

function joined(head: string, value: Uint8Array): Uint8Array<ArrayBuffer> {
  const first = new TextEncoder().encode(head);
  const all = new Uint8Array(first.length + value.length);
  all.set(first);
  all.set(value, first.length);
  return all;
}
