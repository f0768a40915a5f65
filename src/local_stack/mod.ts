/**
 * The stack on this machine, without containers: programs side by side, ended together.
 *
 * @module
 */

export type { ReadVariable } from "../base/mod.ts";
export { runUp, stackServices, type UpOptions } from "./cli.ts";
export {
  addressOf,
  type PortName,
  type StackCommand,
  type StackPlan,
  type StackService,
} from "./service.ts";
export { supervise, type Supervised, type SupervisorEars } from "./supervise.ts";
