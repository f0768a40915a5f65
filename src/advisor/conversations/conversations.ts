/** What is kept of conversations, and for whom. */

import type { Advice } from "../advice.ts";

/** One turn of a conversation. */
export interface Turn {
  /** Of the answer. */
  readonly id: string;
  /** ISO 8601. */
  readonly time: string;
  /** Without personal data. */
  readonly question: string;
  /** Undefined while there is none, as after a server was killed. */
  readonly advice?: Advice;
  /** What the asker thinks of it. */
  readonly feedback?: Feedback;
}

/** What somebody thinks of an answer. */
export interface Feedback {
  /** Whether it helped. */
  readonly rating: "up" | "down";
  /** Without personal data. */
  readonly comment: string;
  /** ISO 8601. */
  readonly time: string;
}

/** A whole conversation, as it is exported. */
export interface Conversation {
  /** Random, which nobody guesses. */
  readonly id: string;
  /** ISO 8601. */
  readonly created: string;
  /** When it was last asked in, ISO 8601. */
  readonly updated: string;
  /** Oldest first. */
  readonly turns: readonly Turn[];
}

/** What an owner used on one day. */
export interface DayUsage {
  /** Questions that were answered or given up. */
  readonly answers: number;
  /** Tokens, read and written. */
  readonly tokens: number;
  /** Dollars, as far as prices are known. */
  readonly cost: number;
}

/** Keeps conversations. Whoever is not the owner of one is told what he is told of none. */
export interface Conversations extends Disposable {
  /** Begins one. */
  begin(owner: string): string;
  /** Whether the owner has it. */
  has(owner: string, id: string): boolean;
  /** Keeps a question before it is answered. @throws {DataError} if the owner has no such one. */
  ask(owner: string, conversation: string, turn: string, question: string): void;
  /** Keeps the answer; nothing where the conversation was deleted meanwhile. */
  answer(owner: string, conversation: string, advice: Advice): void;
  /** The whole of one, undefined if the owner has no such one. */
  read(owner: string, id: string): Conversation | undefined;
  /** The newest turns, at most so many, oldest first. */
  latest(owner: string, id: string, most: number): readonly Turn[];
  /** Removes one; false if the owner has no such one. */
  remove(owner: string, id: string): boolean;
  /** Removes all of an owner, and says how many. What was used on a day is no part of them. */
  removeAll(owner: string): number;
  /** Keeps feedback; false if the owner has no such answer. */
  rate(owner: string, turn: string, feedback: Omit<Feedback, "time">): boolean;
  /** Adds to what an owner used on a day (`2026-11-29`, UTC). */
  use(owner: string, day: string, usage: DayUsage): void;
  /** What an owner used on a day. */
  used(owner: string, day: string): DayUsage;
  /** Removes what was not touched for so many days, and says how many conversations. */
  expire(days: number): number;
}
