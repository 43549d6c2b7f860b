/** What closes the strip: the likeliest classes. Of an altered network the bar is altered, the tick before. */
import { fill, h, setText } from "../lib/dom.js";
import { percent, topPercents } from "../lib/format.js";
import { strongest } from "./ranking.js";

/** @typedef {import("../server/api.js").Trace} Trace */

/** @param {Trace} trace @param {Trace | null} before @param {number} index @param {string} share @param {boolean} isFirst */
function bar(trace, before, index, share, isFirst) {
  const { classes } = trace.header.checkpoint;
  const was = before?.probabilities[index];
  return h(
    "div",
    { class: isFirst ? "bar first" : "bar" },
    h("span", { class: "bar-name", title: classes[index] }, classes[index]),
    h(
      "span",
      { class: "bar-track" },
      h("span", { class: "bar-fill", style: `width:${trace.probabilities[index] * 100}%` }),
      was === undefined ? null : h("span", { class: "bar-tick", title: `before: ${percent(was)}`, style: `left:${was * 100}%` }),
    ),
    h("span", { class: "bar-value" }, share),
  );
}

/** @param {Element} bars @param {Element} label under them @param {Trace} trace @param {Trace | null} before */
export function paintPrediction(bars, label, trace, before) {
  const { classes, trained } = trace.header.checkpoint;
  const room = Math.max(3, Math.floor((bars.clientHeight - 14) / 20));
  const answers = trace.header.has_answer;
  const top = answers ? strongest(trace.probabilities, Math.min(room, classes.length)) : [];
  const shares = topPercents(top.map((index) => trace.probabilities[index]), trace.probabilities.length);
  bars.classList.toggle("long", top.some((index) => classes[index].length > 11));
  fill(bars, answers ? null : h("p", { class: "no-answer" }, "The outputs are not numbers."), top.map((index, place) => bar(trace, before, index, shares[place], place === 0)));
  setText(label, answers ? wordsOf(trace, before, top.length) : "no answer");
  label.classList.toggle("warned", !trained || !answers);
  label.setAttribute("title", trained || !answers ? "" : "This checkpoint has not been trained: its answers are chance.");
}

/** @param {Trace} trace @param {Trace | null} before @param {number} shown */
function wordsOf(trace, before, shown) {
  const { classes, trained } = trace.header.checkpoint;
  if (before) return "bar: altered · tick: before";
  return trained ? `top ${shown} of ${classes.length} classes` : "not trained: answers are chance";
}
