/** The language model that settings name; its client is loaded only then. */

import { keepSecret } from "../base/mod.ts";
import type { ChatModel } from "./chat_model.ts";
import type { ChatModelSettings } from "./chat_model_settings.ts";

/** Makes the model; it is not asked yet. */
export async function openChatModel(settings: ChatModelSettings): Promise<ChatModel> {
  keepSecret(settings.apiKey === "" ? undefined : settings.apiKey);
  if (settings.provider === "gemini") {
    const { GeminiModel } = await import("./gemini.ts");
    return new GeminiModel(settings);
  }
  const { OpenAiModel } = await import("./openai.ts");
  return new OpenAiModel(settings);
}
