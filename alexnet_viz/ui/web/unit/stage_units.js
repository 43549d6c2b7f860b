/** What the units of a stage are: channels with a map each, units or classes, and how one of them is called. */
import { nameOf } from "./nouns.js";

/** @typedef {import("../server/api.js").Stage} Stage */

/** @param {Pick<Stage, "name" | "shape">} stage @returns {import("./nouns.js").Noun} */
export function nounOf(stage) {
  if (stage.name === "logits") return "class";
  return stage.shape.length < 3 ? "unit" : "channel";
}

/** @param {Pick<Stage, "shape"> | undefined} stage */
export const hasMap = (stage) => stage?.shape.length === 3;

/**
 * A class is called by its name, anything else by its number.
 * @param {{stage: string, channel: string}} state @param {Pick<Stage, "name" | "shape"> | undefined} stage undefined where it is not known yet @param {string[]} classes
 * @returns {string}
 */
export function unitName({ stage: name, channel }, stage, classes) {
  const called = name === "logits" ? classes[Number(channel)] : null;
  return called ?? nameOf(stage ? nounOf(stage) : "channel", channel);
}
