/** Files out of a zip archive, as a jar is one. */

import { DataError } from "../base/mod.ts";

/** Longest comment that may follow the end of an archive. */
const longestComment = 0xffff;

/**
 * The content of one file of an archive; stored and deflated files are read.
 *
 * Source: PKWARE, APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16.
 *
 * @throws {DataError} if the archive is damaged, or has no such file.
 */
export async function unzip(
  archive: Uint8Array<ArrayBuffer>,
  name: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const damaged = () =>
    new DataError(`Cannot read the archive: it is no whole zip file`, { next: "fetch it again" });
  try {
    let end = archive.length - 22;
    const least = Math.max(0, end - longestComment);
    while (end >= least && view.getUint32(end, true) !== 0x06054b50) end--;
    if (end < least) throw damaged();
    let at = view.getUint32(end + 16, true);
    const names: string[] = [];
    for (let left = view.getUint16(end + 10, true); left > 0; left--) {
      if (view.getUint32(at, true) !== 0x02014b50) throw damaged();
      const [method, size] = [view.getUint16(at + 10, true), view.getUint32(at + 20, true)];
      const [nameSize, extra, comment] = [28, 30, 32].map((field) =>
        view.getUint16(at + field, true)
      );
      const own = new TextDecoder().decode(archive.subarray(at + 46, at + 46 + nameSize));
      if (own === name) {
        const local = view.getUint32(at + 42, true);
        const from = local + 30 + view.getUint16(local + 26, true) +
          view.getUint16(local + 28, true);
        const content = archive.slice(from, from + size);
        return method === 0 ? content : await inflate(content);
      }
      names.push(own);
      at += 46 + nameSize + extra + comment;
    }
    throw new DataError(
      `Cannot find ${name} in the archive: it holds ${names.slice(0, 10).join(", ")}`,
      { next: "give the archive of the encoder's artifact" },
    );
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) throw damaged();
    throw error;
  }
}

async function inflate(content: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([content]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
