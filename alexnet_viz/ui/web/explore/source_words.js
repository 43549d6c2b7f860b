/** What feeds a unit without a place, in words and numbers. */
import { groupOf } from "../lib/format.js";
import { gettext } from "../lib/language.js";

/** @typedef {import("../server/api.js").Stage} Stage */

/** @param {Pick<Stage, "shape">} source @returns {number} how many values feed the stage after it */
export function inputsOf(source) {
  return source.shape.reduce((product, each) => product * each, 1);
}

/** @param {Pick<Stage, "name">} stage @returns {boolean} a ReLU behind an fc layer: unit by unit */
export function isRectified(stage) {
  return stage.name.endsWith(".relu");
}

/** @param {Pick<Stage, "name">} stage @param {Pick<Stage, "name" | "shape">} source @param {number} inputs @returns {string} */
export function explainSource(stage, source, inputs) {
  if (isRectified(stage))
    return gettext("Each unit is that of {layer}, with negative values set to zero.", { layer: source.name });
  if (source.shape.length === 3)
    return gettext("All {inputs} values meet in every unit of {layer}, so a unit has no place on the photo.", {
      inputs,
      layer: stage.name,
    });
  const before = groupOf(source.name);
  if (stage.name === "logits") return gettext("Every logit weighs all {inputs} units of {before}.", { inputs, before });
  return gettext("Every unit of {layer} weighs all {inputs} units of {before}.", { layer: stage.name, inputs, before });
}
