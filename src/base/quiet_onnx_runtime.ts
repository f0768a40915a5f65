/** ONNX Runtime without its telemetry. */

/** The variable that it reads as it starts. */
const SWITCH = "ORT_DISABLE_TELEMETRY";

/**
 * Lets ONNX Runtime keep to itself what it is used for: its own builds write a number of the machine
 * and events below `HOME`, for their maker. For entries of programs, before the first session; what
 * they start inherits it. A value that is set already counts.
 */
export function quietOnnxRuntime(): void {
  if (Deno.env.get(SWITCH) === undefined) Deno.env.set(SWITCH, "1");
}
