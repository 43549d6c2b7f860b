/** What is said of a channel, a unit or a class: in most languages more than the noun is another one. */
import { gettext } from "../lib/language.js";

/** @typedef {"channel" | "unit" | "class"} Noun */
/** @typedef {"excites" | "inhibits"} Sign */

/** @param {Noun} noun @param {string} channel its number @returns {string} */
export function nameOf(noun, channel) {
  return {
    channel: gettext("channel {channel}", { channel }),
    unit: gettext("unit {channel}", { channel }),
    class: gettext("class {channel}", { channel }),
  }[noun];
}

/** @param {Noun} noun @returns {string} */
export function partsTitle(noun) {
  return {
    channel: gettext("Image parts that excite this channel most"),
    unit: gettext("Image parts that excite this unit most"),
    class: gettext("Image parts that excite this class most"),
  }[noun];
}

/** @param {Noun} noun @param {Sign} sign @returns {string} */
export function madeTitle(noun, sign) {
  const inhibits = {
    channel: gettext("A picture made to inhibit this channel"),
    unit: gettext("A picture made to inhibit this unit"),
    class: gettext("A picture made to inhibit this class"),
  };
  const excites = {
    channel: gettext("A picture made to excite this channel"),
    unit: gettext("A picture made to excite this unit"),
    class: gettext("A picture made to excite this class"),
  };
  return { excites, inhibits }[sign][noun];
}

/** @param {Noun} noun @param {string} steps @returns {string} */
export function madeSentence(noun, steps) {
  return {
    channel: gettext(
      "From noise, {steps} steps along the gradient. It shows what the channel adds up, not a thing in the world.",
      { steps },
    ),
    unit: gettext(
      "From noise, {steps} steps along the gradient. It shows what the unit adds up, not a thing in the world.",
      { steps },
    ),
    class: gettext(
      "From noise, {steps} steps along the gradient. It shows what the class adds up, not a thing in the world.",
      { steps },
    ),
  }[noun];
}

/** @param {Noun} noun @param {Sign} sign @param {{step: number, response: string}} values @returns {string} */
export function pictureLabel(noun, sign, values) {
  const excites = {
    channel: gettext("Picture that excites the channel, step {step}: {response}", values),
    unit: gettext("Picture that excites the unit, step {step}: {response}", values),
    class: gettext("Picture that excites the class, step {step}: {response}", values),
  };
  const inhibits = {
    channel: gettext("Picture that inhibits the channel, step {step}: {response}", values),
    unit: gettext("Picture that inhibits the unit, step {step}: {response}", values),
    class: gettext("Picture that inhibits the class, step {step}: {response}", values),
  };
  return { excites, inhibits }[sign][noun];
}

/** What it feeds; of maps each where that is most. @param {Noun} noun @param {boolean} isPlaced @param {{stage: string, shown: number, all: string}} values @returns {string} */
export function feedsSentence(noun, isPlaced, values) {
  if (noun === "channel" && isPlaced)
    return gettext(
      "What this channel adds on this photo to {stage}, each where that is most; {shown} of {all}.",
      values,
    );
  if (noun === "channel") return gettext("What this channel adds on this photo to {stage}; {shown} of {all}.", values);
  return gettext("What this unit adds on this photo to {stage}; {shown} of {all}.", values);
}
