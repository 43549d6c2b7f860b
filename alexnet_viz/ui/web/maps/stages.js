/** The stages of a network in their groups. */
import { groupOf } from "../lib/format.js";

/**
 * Stages by strip column: "input", "block1" … "fc2", "logits".
 * @param {readonly {name: string}[]} stages
 * @returns {Map<string, string[]>}
 */
export function groupStages(stages) {
  /** @type {Map<string, string[]>} */
  const groups = new Map([["input", ["input"]]]);
  for (const { name } of stages) groups.set(groupOf(name), [...(groups.get(groupOf(name)) ?? []), name]);
  return groups;
}
