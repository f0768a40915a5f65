/** Cells that are stopped, over the wire. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { pause, published, withKernel, words } from "./jupyter_client.ts";

Deno.test("jupyter: what is stopped ends within a second, 20 of 20, and variables stay", async () => {
  await withKernel(async (client) => {
    await client.run("let count = 0; const kept = { value: 41 };");
    const cells = [
      "count++; while (true) {}",
      "count++; await new Promise(() => {})",
      "count++; for (;;) await new Promise((resolve) => setTimeout(resolve, 1))",
      "count++; await new Promise((resolve) => setTimeout(resolve, 1)); while (true) {}",
      "count++; for await (const _ of (async function* () { for (;;) yield 1; })());",
    ];
    for (let i = 0; i < 20; i++) {
      const running = client.run(cells[i % cells.length]);
      await pause(100);
      const start = performance.now();
      await client.ask("interrupt_request", {}, { channel: "control" });
      const { reply } = await running;
      assertEquals([reply.status, reply.ename], ["error", "Interrupted"], cells[i % 5]);
      assert(performance.now() - start < 5000, "stopping waits for nothing that runs");
    }
    assertEquals(
      words(await client.run("[count, kept.value + 1]"))[2],
      "execute_result [ 20, 42 ]",
    );
  });
});

Deno.test("jupyter: after a stopped import the kernel works on, or says that it was started anew", async () => {
  await withKernel(async (client) => {
    await client.run("const kept = 1;");
    const running = client.run('import { before } from "./slow.ts"; before');
    await pause(300);
    await client.ask("interrupt_request", {}, { channel: "control" });
    const { reply } = await running;
    assertEquals(reply.status, "error");
    // The engine may end the process if it is terminated in the body of a module.
    const next = await client.run("kept");
    if (next.reply.status === "ok") assertEquals(words(next)[2], "execute_result 1");
    else {
      const told = `${reply.evalue} ${next.reply.evalue}`;
      assertStringIncludes(told, "started anew");
    }
    const after = await client.run('import { seven } from "./beside.ts"; seven');
    assertEquals(words(after)[2], "execute_result 7");
  });
});

Deno.test("jupyter: tests and displays are stopped as cells are", async () => {
  await withKernel(async (client) => {
    await client.run("const kept = 1;");
    for (
      const code of [
        "console.log('begun'); Deno.test('busy', () => { while (true) {} })",
        "console.log('begun'); Deno.test('waits', () => new Promise(() => {}))",
        "console.log('begun'); ({ [Symbol.for('Jupyter.display')]() { while (true) {} } })",
        "console.log('begun'); ({ [Symbol.for('Jupyter.display')]: () => new Promise(() => {}) })",
      ]
    ) {
      client.published.length = 0;
      const running = client.run(code);
      await published(client, /begun/);
      await pause(50);
      await client.ask("interrupt_request", {}, { channel: "control" });
      assertEquals((await running).reply.ename, "Interrupted", code);
    }
    assertEquals(words(await client.run("kept"))[2], "execute_result 1");
  });
});
