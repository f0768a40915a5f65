/** The wire below Jupyter's messages, against a peer that cuts and breaks it. */

import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { BadMessage, MessageCodec } from "../../src/deno_kernel/jupyter/message.ts";
import { BrokenStream, ZmtpSocket } from "../../src/deno_kernel/jupyter/zmtp.ts";

/** A peer that shakes hands, sends `bytes` in pieces of `size`, and hangs up. */
async function receivedFrom(bytes: Uint8Array, size: number): Promise<Uint8Array[][]> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const peer = (async () => {
    using connection = await listener.accept();
    const greeting = new Uint8Array(64);
    greeting.set([0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3, 0, ...new TextEncoder().encode("NULL")]);
    await connection.write(greeting);
    const ready = new TextEncoder().encode("\x05READY\x0bSocket-Type\0\0\0\x03PUB");
    await connection.write(Uint8Array.of(4, ready.length, ...ready));
    for (let at = 0; at < bytes.length; at += size) {
      await connection.write(bytes.subarray(at, at + size));
    }
    await connection.closeWrite();
    const rest = new Uint8Array(256);
    while (await connection.read(rest) !== null);
  })();
  const messages: Uint8Array[][] = [];
  {
    using socket = await ZmtpSocket.connect("127.0.0.1", listener.addr.port, "SUB");
    for (let got = await socket.receive(); got !== undefined; got = await socket.receive()) {
      messages.push(got);
    }
  }
  await peer;
  return messages;
}

const long = Uint8Array.from({ length: 300 }, (_, i) => i % 251);
/** A message of a short and a long frame, a command, a message of one frame. */
const wire = Uint8Array.of(
  ...[1, 2, 7, 8, 2, 0, 0, 0, 0, 0, 0, 1, 44, ...long],
  ...[4, 3, 80, 73, 78],
  ...[0, 1, 9],
);

Deno.test("zmtp: messages come whole, however the stream is cut", async () => {
  for (const size of [1, 7, 64, 1000]) {
    assertEquals(await receivedFrom(wire, size), [[Uint8Array.of(7, 8), long], [Uint8Array.of(9)]]);
  }
});

Deno.test("zmtp: a stream that ends in a message, or is none, is broken", async () => {
  await assertRejects(() => receivedFrom(wire.subarray(0, 100), 50), BrokenStream, "closed");
  await assertRejects(() => receivedFrom(Uint8Array.of(99, 1, 2), 50), BrokenStream, "kind 99");
});

Deno.test("zmtp: a message is read with its key alone", () => {
  const content = { code: "1 + 1" };
  const frames = new MessageCodec("key").frames({ type: "execute_request", content });
  assertEquals(new MessageCodec("key").read(frames).content, content);
  // An address before the delimiter, as routers put it, is no part of the message.
  const address = Uint8Array.of(1);
  const codec = new MessageCodec("key");
  const { addresses, content: read } = codec.read([address, ...frames]);
  assertEquals([addresses, read], [[address], content]);
  assertThrows(() => codec.read(frames), BadMessage, "sent before");
  assertThrows(() => new MessageCodec("other").read(frames), BadMessage, "wrong signature");
  const changed = frames.with(-1, new TextEncoder().encode('{"code":"2 + 2"}'));
  assertThrows(() => new MessageCodec("key").read(changed), BadMessage, "wrong signature");
  assertThrows(() => new MessageCodec("key").read(frames.slice(1)), BadMessage, "no message");
});
