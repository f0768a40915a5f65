/**
 * The stack on this machine, without containers: programs side by side, ended together.
 *
 * @module
 */

export type { ReadVariable } from "../base/mod.ts";
export { runUp, type UpOptions } from "./cli.ts";
export { type ComposeService, readCompose, readVariables } from "./compose.ts";
export { type LocalImage, localImages, type LocalPlace } from "./local_images.ts";
export { commandOf, type StackCommand, type StackPlan, whyAbsent } from "./service.ts";
export { supervise, type Supervised, type SupervisorEars } from "./supervise.ts";
