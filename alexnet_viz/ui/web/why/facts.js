/** The footer's facts: what the map took, where it was computed, and what it is judged by. */
import { h } from "../lib/dom.js";
import { duration } from "../lib/format.js";
import { gettext, gettextNodes, ngettext } from "../lib/language.js";
import { methodOf } from "./words.js";

/** @typedef {import("../server/explanations.js").Explanation} Explanation */

/** @param {Explanation | null} found @param {string} device @returns {(Node | string)[][]} */
export function factsOf(found, device) {
  return [
    found ? tookOf(found) : [h("b", {}, device)],
    [gettext("untrained: seed 0")],
    [gettext("random: 10 maps, grey band from lowest to highest")],
  ];
}

/** What the answer took. @param {Explanation} found */
function tookOf({ method, passes, seconds }) {
  const template = ngettext("{method}, {passes} pass {time}", "{method}, {passes} passes {time}", passes);
  return gettextNodes(template, { method: methodOf(method).text, passes, time: h("b", {}, duration(seconds)) });
}
