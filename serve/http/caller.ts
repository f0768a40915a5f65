/** Who asks: the address that a request comes from, which proxies may tell, and the name of its key. */

import { BlockList, isIP } from "node:net";
import { isLoopback } from "./loopback.ts";

/** What proxies add: a request that has one of them came from elsewhere. */
const forwarding = [
  ...["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"],
  ...["x-forwarded-port", "x-forwarded-server", "x-real-ip", "x-client-ip", "true-client-ip"],
  ...["x-original-host", "x-original-url", "x-rewrite-url", "cf-connecting-ip"],
];

/** What a trusted proxy may add to the request of a caller on this machine; hosts are looked at. */
const harmless = new Set([
  ...["forwarded", "via", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-port"],
  "x-forwarded-host",
]);

/** The family that {@linkcode BlockList} asks for, undefined if the text is no address. */
function familyOf(address: string): "ipv4" | "ipv6" | undefined {
  const version = isIP(address);
  return version === 0 ? undefined : version === 4 ? "ipv4" : "ipv6";
}

/** The address, its length of prefix and its family in `10.0.0.0/8` or `::1`. */
function parseNetwork(text: string) {
  const [, address, length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const family = familyOf(address ?? "");
  if (family === undefined) return undefined;
  const most = family === "ipv4" ? 32 : 128;
  const prefix = length === undefined ? most : Number(length);
  return prefix <= most ? { address, prefix, family } : undefined;
}

/** Whether a text is an address or a network, as `10.0.0.0/8`. */
export function isNetwork(text: string): boolean {
  return parseNetwork(text) !== undefined;
}

/** An address as one text: an IPv4 address that IPv6 carries is an IPv4 address. */
function plain(address: string): string {
  if (!address.includes(":")) return address;
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address.toLowerCase();
}

/** The address in `192.0.2.1`, `192.0.2.1:80`, `"[2001:db8::1]:80"`; undefined if there is none. */
function addressIn(text: string): string | undefined {
  const bare = text.trim().replace(/^"(.*)"$/, "$1");
  const found = /^\[([^\]]+)\](?::\d+)?$/.exec(bare)?.[1] ??
    /^(\d+\.\d+\.\d+\.\d+)(?::\d+)?$/.exec(bare)?.[1] ?? bare;
  return familyOf(found) === undefined ? undefined : plain(found);
}

/**
 * The addresses that a request was forwarded for, the caller's first; undefined
 * where no header says so, or two say different things: one of them is then the
 * caller's own invention.
 */
function forwardedFor(headers: Headers): readonly (string | undefined)[] | undefined {
  const [loose, standard] = [headers.get("x-forwarded-for"), headers.get("forwarded")];
  const listed = loose?.split(",").map(addressIn);
  const named = standard?.split(",").map((hop) =>
    addressIn(/(?:^|;)\s*for=("[^"]*"|[^;]*)/i.exec(hop)?.[1] ?? "")
  );
  if (listed !== undefined && named !== undefined && String(listed) !== String(named)) {
    return undefined;
  }
  return listed ?? named;
}

/** Where a request comes from. */
interface Origin {
  readonly address: string;
  /** Whether the address is the caller's and not that of a proxy which does not tell. */
  readonly certain: boolean;
}

/** The proxies whose word counts. */
export class Proxies {
  readonly #trusted?: BlockList;

  /** Takes addresses and networks, as `10.0.0.0/8`. */
  constructor(networks: readonly string[]) {
    if (networks.length === 0) return;
    this.#trusted = new BlockList();
    for (const text of networks) {
      const { address, prefix, family } = parseNetwork(text)!;
      this.#trusted.addSubnet(address, prefix, family);
    }
  }

  /** Whether a proxy at that address is believed. */
  trusts(address: string): boolean {
    if (this.#trusted === undefined) return false;
    const family = familyOf(address);
    return family !== undefined && this.#trusted.check(address, family);
  }

  /** Follows what trusted proxies say, from the nearest on, up to the first that is none of them. */
  originOf(peer: string, headers: Headers): Origin {
    let address = plain(peer);
    if (!this.trusts(address)) return { address, certain: true };
    if (!headers.has("x-forwarded-for") && !headers.has("forwarded")) {
      return { address, certain: true };
    }
    for (const hop of forwardedFor(headers)?.toReversed() ?? [undefined]) {
      if (hop === undefined) return { address, certain: false };
      address = hop;
      if (!this.trusts(address)) break;
    }
    return { address, certain: true };
  }
}

/** Who asks. */
export class Caller {
  /** Name of the key that came with the request. */
  key?: string;
  /** What that key may do. */
  rights?: "predict" | "admin";
  #origin?: Origin;

  /**
   * Takes the proxies that count, who knows the other end of the connection (nobody within the
   * process), and the headers.
   */
  constructor(
    private readonly proxies: Proxies,
    private readonly connection:
      | { readonly remoteAddr?: { readonly hostname: string } }
      | undefined,
    private readonly headers: Headers,
  ) {}

  // Looked up only if somebody asks: most requests are answered without.
  get #peer(): string | undefined {
    return this.connection?.remoteAddr?.hostname;
  }

  /** Where the request comes from: the caller's own address if trusted proxies tell it. */
  get address(): string {
    return this.#from.address;
  }

  /** Whether it is a program on this machine, through no proxy but one that is trusted and says so. */
  get local(): boolean {
    const { address, certain } = this.#from;
    if (!certain || !isLoopback(address)) return false;
    const added = forwarding.filter((name) => this.headers.has(name));
    if (added.length === 0) return true;
    const told = this.headers.has("x-forwarded-for") || this.headers.has("forwarded");
    const host = this.headers.get("x-forwarded-host");
    return told && this.proxies.trusts(plain(this.#peer ?? "")) &&
      added.every((name) => harmless.has(name)) && (host === null || isLoopback(host));
  }

  get #from(): Origin {
    return this.#origin ??= this.proxies.originOf(this.#peer ?? "127.0.0.1", this.headers);
  }
}
