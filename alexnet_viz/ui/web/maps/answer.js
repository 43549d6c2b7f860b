/** What the network says of the photo, in one sentence. */
import { h } from "../lib/dom.js";
import { topPercents } from "../lib/format.js";
import { gettext, gettextNodes } from "../lib/language.js";
import { strongest } from "./ranking.js";

/** @param {import("../server/api.js").Trace} trace @returns {import("../lib/dom.js").Child[]} */
export function answerOf({ header, probabilities }) {
  if (!header.has_answer) return [gettext("The network gives no answer")];
  const top = strongest(probabilities, Math.min(2, probabilities.length));
  const [share] = topPercents(
    top.map((index) => probabilities[index]),
    probabilities.length,
  );
  const said = { answer: h("b", {}, header.checkpoint.classes[top[0]]), share };
  if (header.altered) return gettextNodes("The altered network says {answer}, {share}", said);
  return header.checkpoint.trained
    ? gettextNodes("The network says {answer}, {share}", said)
    : gettextNodes("The untrained network says {answer}, {share}", said);
}
