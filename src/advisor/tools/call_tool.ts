/** Calls of tools as models make them: checked, bounded, and never the end of a conversation. */

import { UserError } from "../../base/mod.ts";
import type { ToolCall, ToolDeclaration } from "../chat_model.ts";
import type { AnyTool, ToolFault } from "./tool.ts";

/** A call with what came of it. */
export interface CalledTool {
  /** Name of the tool. */
  readonly name: string;
  /** What it was called with. */
  readonly input: unknown;
  /** What the tool gave, or why it gave nothing. */
  readonly result: Readonly<Record<string, unknown>> | ToolFault;
  /** Whether it gave nothing. */
  readonly failed: boolean;
}

/** Most characters of a result that a model is given. */
const LONGEST = 8000;

/** A tool as models are told of it. */
export function declarationOf({ name, description, input }: AnyTool): ToolDeclaration {
  const { $schema: _, ...schema } = input.toJSONSchema({ io: "input" }) as Record<string, unknown>;
  return { name, description, input: schema };
}

/**
 * Calls the tool that a model wants. What the model got wrong is told it, so that it can call again.
 *
 * @throws the signal's reason when it is aborted, and what no tool may throw.
 */
export async function callTool(
  tools: readonly AnyTool[],
  { name, input }: ToolCall,
  signal: AbortSignal,
): Promise<CalledTool> {
  const fault = (error: string): CalledTool => ({ name, input, result: { error }, failed: true });
  const tool = tools.find((tool) => tool.name === name);
  if (tool === undefined) {
    return fault(
      `There is no tool "${name}": there are ${tools.map(({ name }) => name).join(", ")}`,
    );
  }
  const parsed = tool.input.safeParse(input);
  if (!parsed.success) {
    const faults = parsed.error.issues.slice(0, 10)
      .map(({ path, message }) => `${path.join(".") || "the input"}: ${message}`);
    return fault(`The input is not valid: ${faults.join("; ")}`);
  }
  try {
    const result = await tool.call(parsed.data, signal);
    if (JSON.stringify(result).length > LONGEST) return fault("The result is too long to be read");
    return { name, input: parsed.data, result, failed: false };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof UserError)) throw error;
    return fault(error.message);
  }
}
