/** What the network says of the photo, in one sentence. */
import { h } from "../lib/dom.js";
import { sharesOf } from "../lib/format.js";
import { gettext, gettextNodes } from "../lib/language.js";
import { largestAt } from "./ranking.js";

/** @param {import("../server/api.js").Trace} trace @returns {import("../lib/dom.js").Child[]} */
export function answerOf({ header, probabilities }) {
  if (!header.has_answer) return [gettext("The network gives no answer")];
  const best = largestAt(probabilities);
  const values = {
    answer: h("b", { dir: "auto" }, header.checkpoint.classes[best]),
    share: sharesOf(probabilities)(best),
  };
  if (header.altered) return gettextNodes("The altered network says {answer}, {share}", values);
  return header.checkpoint.trained
    ? gettextNodes("The network says {answer}, {share}", values)
    : gettextNodes("The untrained network says {answer}, {share}", values);
}
