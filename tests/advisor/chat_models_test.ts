/** The adapters of language models against servers that speak as theirs do, over real HTTP. */

import { assertEquals } from "@std/assert";
import { openChatModel } from "../../src/advisor/mod.ts";
import { testChatModel } from "../contracts/chat_model_contract.ts";
import { FakeChatServer } from "./fake_chat_server.ts";

testChatModel("gemini");
testChatModel("openai");

Deno.test({
  name: "openai: a call whose arguments are no JSON is handed on, for the tool to refuse",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await using server = new FakeChatServer("openai");
    server.script = [{ rawInput: '{"a": 2, "b"' }];
    const model = await openChatModel({
      ...{ provider: "openai", model: "m", apiKey: "", baseUrl: server.url, silenceSeconds: 5 },
    });
    const { signal } = new AbortController();
    const request = {
      system: "",
      messages: [{ role: "user", text: "?" }] as const,
      maxTokens: 9,
      signal,
    };
    const events = await Array.fromAsync(model.chat(request));
    const [call] = events.flatMap((event) => event.kind === "call" ? [event.call] : []);
    assertEquals([call.name, call.input], ["add", '{"a": 2, "b"']);
    // A service without keys is asked with none that anybody would know.
    assertEquals(server.heard[0].headers.get("authorization"), "Bearer none");
  },
});
