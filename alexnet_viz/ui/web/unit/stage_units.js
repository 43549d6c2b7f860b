/** What the units of a stage are: channels with a map each, units or classes, and how one of them is called. */
import { nameOf } from "./nouns.js";

/** @typedef {import("../server/api.js").Stage} Stage */

/** @param {string} stage its name @returns {import("./nouns.js").Noun} */
export function nounOf(stage) {
  if (stage === "logits") return "class";
  return stage.startsWith("block") ? "channel" : "unit";
}

/** @param {Pick<Stage, "shape"> | undefined} stage */
export const hasMap = (stage) => stage?.shape.length === 3;

/**
 * A class is called by its name, anything else by its number.
 * @param {{stage: string, channel: string}} state @param {string[]} classes empty where they are not known yet
 * @returns {string}
 */
export function unitName({ stage, channel }, classes) {
  const called = stage === "logits" ? classes[Number(channel)] : null;
  return called ?? nameOf(nounOf(stage), channel);
}
