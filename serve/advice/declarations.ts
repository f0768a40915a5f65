/** The routes of the advisor, as the documentation has them. */

import { type RouteConfig, z } from "@hono/zod-openapi";
import { answers, jsonContent, work } from "../openapi/declare.ts";
import {
  aboutAnswer,
  adviceAnswer,
  adviceFeedbackAnswer,
  adviceRequest,
  adviceUser,
  conversationAnswer,
  feedbackRequest,
  removedAnswer,
} from "./schemas.ts";

const tags = ["advice"];
const one = z.object({ id: z.uuid().openapi({ description: "Id of the conversation" }) });
const { 200: whole, ...refusals } = answers(adviceAnswer, [...work, 404]);
/** Every route of the advisor, declared for the documentation. */
export const advicePaths: readonly RouteConfig[] = [
  {
    method: "post",
    path: "/predict/advice",
    summary: "Answer a question on personal finance from documents that are named, or refuse it",
    tags,
    request: {
      headers: adviceUser,
      body: { required: true, content: jsonContent(adviceRequest) },
    },
    responses: {
      ...refusals,
      200: {
        ...whole,
        description: "An answer or a refusal; as events started, sources, tool, text, retracted, " +
          "done and error where these are asked for",
        content: {
          ...jsonContent(adviceAnswer),
          "text/event-stream": { schema: z.string() },
        },
      },
    },
  },
  {
    method: "get",
    path: "/advice/about",
    summary: "How the advisor answers, and what it keeps",
    tags,
    responses: answers(aboutAnswer, [400, 401, 429, 503]),
  },
  {
    method: "get",
    path: "/advice/conversations/{id}",
    summary: "All that is kept of a conversation",
    tags,
    request: { params: one, headers: adviceUser },
    responses: answers(conversationAnswer, [400, 401, 404, 409, 429, 503]),
  },
  {
    method: "delete",
    path: "/advice/conversations/{id}",
    summary: "Remove a conversation",
    tags,
    request: { params: one, headers: adviceUser },
    responses: answers(removedAnswer, [400, 401, 404, 409, 429, 503]),
  },
  {
    method: "delete",
    path: "/advice/conversations",
    summary: "Remove all conversations of who asks, by the key and X-Advice-User",
    tags,
    request: { headers: adviceUser },
    responses: answers(removedAnswer, [400, 401, 409, 429, 503]),
  },
  {
    method: "post",
    path: "/advice/feedback",
    summary: "Say whether an answer helped",
    tags,
    request: {
      headers: adviceUser,
      body: { required: true, content: jsonContent(feedbackRequest) },
    },
    responses: answers(adviceFeedbackAnswer, [...work, 404, 409]),
  },
];
