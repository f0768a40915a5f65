/** Keeps turns without end and tells each once it is kept, until somebody kills it. */

import { SqliteConversations } from "../../src/advisor/mod.ts";
import { advice } from "./advice.ts";

const kept = new SqliteConversations(Deno.args[0]);
const conversation = kept.begin("me");
const encoder = new TextEncoder();
const tell = (line: unknown) => Deno.stdout.writeSync(encoder.encode(`${JSON.stringify(line)}\n`));

while (true) {
  const id = crypto.randomUUID();
  kept.ask("me", conversation, id, "How do I save? ".repeat(50));
  tell({ conversation, asked: id });
  kept.answer("me", conversation, advice(id, conversation));
  tell({ conversation, answered: id });
}
