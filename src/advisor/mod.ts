/**
 * An advisor on personal finance: answers from passages with their sources, by a language model or
 * without one, and refuses what it must.
 *
 * @module
 */

export type { Advice, AdviceEvent, AdviceSource, AdviceUsage } from "./advice.ts";
export { Advisor, type AdvisorOptions, type Question } from "./advisor.ts";
export { ChatError, type ChatErrorKind, kindOfStatus, retryAdvice } from "./chat_error.ts";
export {
  type ChatEnd,
  type ChatEvent,
  type ChatMessage,
  type ChatModel,
  type ChatRequest,
  estimateRequest,
  estimateTokens,
  type TokenUsage,
  type ToolCall,
  type ToolDeclaration,
} from "./chat_model.ts";
export type {
  Conversation,
  Conversations,
  DayUsage,
  Feedback,
  Turn,
} from "./conversations/conversations.ts";
export { fitHistory, type History } from "./conversations/history.ts";
export { SqliteConversations } from "./conversations/sqlite_conversations.ts";
export { extractAnswer } from "./extractive.ts";
export { type Citation, citationsIn, falseCitations } from "./guardrails/citations.ts";
export { figuresIn, type WrittenFigure } from "./guardrails/figures.ts";
export { isInjection, withoutInjections } from "./guardrails/injection.ts";
export {
  type PersonalKind,
  type Redacted,
  redactPersonalData,
} from "./guardrails/personal_data.ts";
export { type CheckedQuestion, checkQuestion } from "./guardrails/question_checks.ts";
export { type Refusal, type RefusalCode, refusalOf } from "./guardrails/refusal.ts";
export { isOutOfScope, type OutOfScope, type ScopeOptions } from "./guardrails/scope.ts";
export { type Evidence, unsupportedFigures } from "./guardrails/supported_figures.ts";
export type { ChatModelSettings } from "./chat_model_settings.ts";
export { openChatModel } from "./open_chat_model.ts";
export { costOf, readPrices, type TokenPrice, type TokenPrices } from "./prices.ts";
export { PROMPT_VERSION, type PromptParts, systemPrompt } from "./prompt.ts";
export { retried, type RetryOptions, usualRetries } from "./retry.ts";
export { arithmeticTools } from "./tools/arithmetic.ts";
export { type CalledTool, callTool, declarationOf } from "./tools/call_tool.ts";
export {
  type AskRoute,
  modelTool,
  type ModelToolOptions,
  recordOf,
  type ToolColumn,
} from "./tools/model_tool.ts";
export type { AnyTool, Tool, ToolFault, ToolInput } from "./tools/tool.ts";
