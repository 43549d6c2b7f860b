/** What the network says of the photo, in one sentence. */
import { h } from "../lib/dom.js";
import { topPercents } from "../lib/format.js";
import { strongest } from "./ranking.js";

/** @param {import("../server/api.js").Trace} trace @returns {import("../lib/dom.js").Child[]} */
export function answerOf({ header, probabilities }) {
  if (!header.has_answer) return ["The network gives no answer"];
  const top = strongest(probabilities, Math.min(2, probabilities.length));
  const [share] = topPercents(top.map((index) => probabilities[index]), probabilities.length);
  const network = header.altered ? "The altered network" : header.checkpoint.trained ? "The network" : "The untrained network";
  return [`${network} says `, h("b", {}, header.checkpoint.classes[top[0]]), `, ${share}`];
}
