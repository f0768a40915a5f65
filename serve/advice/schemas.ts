/** What the routes of the advisor take and give. */

import { z } from "@hono/zod-openapi";

/** What `POST /predict/advice` takes. */
export const adviceRequest = z.strictObject({
  question: z.string().trim().min(1).max(4000).openapi({
    description: "A question on personal finance; personal data are taken out before it is read",
    example: "How many months of expenses belong in an emergency fund?",
  }),
  conversation: z.uuid().optional().openapi({
    description: "The conversation that it goes on with; it begins one without",
  }),
  stream: z.boolean().optional().openapi({
    description: "Answers as server-sent events, as `Accept: text/event-stream` asks for too",
  }),
}).openapi("AdviceRequest");

/** Who asks, where one key serves many people. */
export const adviceUser = z.object({
  "X-Advice-User": z.string().min(1).max(128).optional().openapi({
    description: "Whose conversations these are, where one key serves many people",
  }),
});

const refusal = z.object({
  code: z.string().openapi({ example: "scope" }),
  why: z.string(),
  instead: z.string().openapi({ description: "What can be asked instead" }),
}).openapi("AdviceRefusal");

const source = z.object({
  number: z.int().min(1).openapi({ description: "As `[1]` in the answer names it" }),
  ...{ id: z.string(), source: z.string(), title: z.string(), position: z.string() },
  text: z.string(),
  cited: z.boolean(),
}).openapi("AdviceSource");

const tool = z.object({
  name: z.string(),
  input: z.unknown(),
  result: z.record(z.string(), z.unknown()),
  failed: z.boolean(),
}).openapi("AdviceTool");

/** An answer of `POST /predict/advice`. */
export const adviceAnswer = z.object({
  id: z.uuid(),
  conversation: z.uuid().nullable(),
  mode: z.enum(["model", "extractive", "tools"]),
  answer: z.string().openapi({ description: "Empty for a refusal" }),
  sources: z.array(source),
  tools: z.array(tool),
  refusal: refusal.nullable(),
  redacted: z.array(z.string()).openapi({
    description: "Kinds of personal data that were taken out of the question",
  }),
  withheld: z.array(z.string()).openapi({
    description: "Checks by which sentences were left out",
  }),
  disclaimer: z.string().nullable(),
  notices: z.array(z.string()),
  usage: z.object({
    model: z.string().nullable(),
    input_tokens: z.int().min(0),
    output_tokens: z.int().min(0),
    estimated: z.boolean(),
    cost_usd: z.number().min(0).nullable(),
  }),
  first_text_ms: z.int().min(0).nullable(),
}).openapi("Advice");

const turn = z.object({
  id: z.uuid(),
  time: z.iso.datetime(),
  question: z.string(),
  advice: adviceAnswer.optional(),
  feedback: z.object({
    ...{ rating: z.enum(["up", "down"]), comment: z.string(), time: z.iso.datetime() },
  }).optional(),
});

/** An answer of `GET /advice/conversations/{id}`: all that is kept of it. */
export const conversationAnswer = z.object({
  id: z.uuid(),
  created: z.iso.datetime(),
  updated: z.iso.datetime(),
  turns: z.array(turn),
}).openapi("Conversation");

/** An answer of `DELETE /advice/conversations/{id}`. */
export const removedAnswer = z.object({ removed: z.int().min(0) }).openapi("ConversationsRemoved");

/** What `POST /advice/feedback` takes. */
export const feedbackRequest = z.strictObject({
  answer: z.uuid().openapi({ description: "Id of the answer" }),
  rating: z.enum(["up", "down"]),
  comment: z.string().max(2000).default(""),
}).openapi("AdviceFeedback");

/** An answer of `POST /advice/feedback`. */
export const adviceFeedbackAnswer = z.object({ kept: z.literal(true) }).openapi(
  "AdviceFeedbackKept",
);

/** What `GET /advice/about` says of the advisor. */
export const aboutAnswer = z.object({
  mode: z.enum(["model", "extractive"]),
  model: z.string().nullable(),
  keeps_conversations: z.boolean(),
  days: z.int().min(1),
  disclaimer: z.string().nullable(),
}).openapi("AdvisorAbout");
