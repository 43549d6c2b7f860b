/**
 * What closes the strip: the likeliest classes, each of which asks why. Of an altered network the bar is altered, the tick before;
 * it is not asked why, since the explanations are of the network as it is.
 */
import { fill, h, setText } from "../lib/dom.js";
import { sharesOf } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { createSegments } from "../lib/segments.js";
import { largestAt, strongest } from "./ranking.js";

/** @typedef {import("../server/api.js").Trace} Trace */

const MOST_LETTERS = 12; // of a question beside "Prediction"

/** @param {Trace} trace @param {Trace | null} before @param {number} index @param {{now: string, before: string}} shares @param {boolean} isFirst @param {(target: number) => void} onAsk */
function bar(trace, before, index, shares, isFirst, onAsk) {
  const { classes } = trace.header.checkpoint;
  const asks = {
    type: "button",
    "data-class": index,
    title: gettext("Why {name}?", { name: classes[index] }),
    onclick: () => onAsk(index),
  };
  return h(
    before ? "div" : "button",
    { class: isFirst ? "bar first" : "bar", ...(before ? {} : asks) },
    h("span", { class: "bar-name", title: classes[index] }, classes[index]),
    h(
      "span",
      { class: "bar-track" },
      h("span", { class: "bar-fill", style: `width:${trace.probabilities[index] * 100}%` }),
      before &&
        h("span", {
          class: "bar-tick",
          title: gettext("before: {share}", { share: shares.before }),
          style: `left:${before.probabilities[index] * 100}%`,
        }),
    ),
    h("span", { class: "bar-value" }, shares.now),
  );
}

/** @param {Element} bars @param {Element} label under them @param {Trace} trace @param {Trace | null} before @param {(target: number) => void} onAsk why this class */
export function paintPrediction(bars, label, trace, before, onAsk) {
  const { classes, trained } = trace.header.checkpoint;
  const room = Math.max(3, Math.floor((bars.clientHeight - 14) / 20));
  const answers = trace.header.has_answer;
  const top = answers ? strongest(trace.probabilities, Math.min(room, classes.length)) : [];
  const shareOf = sharesOf(trace.probabilities);
  const shareBefore = before ? sharesOf(before.probabilities) : () => "";
  bars.classList.toggle(
    "long",
    top.some((index) => classes[index].length > 11),
  );
  fill(
    bars,
    answers ? null : h("p", { class: "no-answer" }, gettext("The outputs are not numbers.")),
    top.map((index, place) =>
      bar(trace, before, index, { now: shareOf(index), before: shareBefore(index) }, place === 0, onAsk),
    ),
  );
  setText(label, answers ? wordsOf(trace, before, top.length) : gettext("no answer"));
  label.classList.toggle("warned", !trained || !answers);
  label.setAttribute(
    "title",
    trained || !answers ? "" : gettext("This checkpoint has not been trained: its answers are chance."),
  );
}

/** @param {Trace} trace @param {Trace | null} before @param {number} shown */
function wordsOf(trace, before, shown) {
  const { classes, trained } = trace.header.checkpoint;
  if (before) return gettext("bar: altered · tick: before");
  return trained
    ? gettext("top {shown} of {total}", { shown, total: classes.length })
    : gettext("not trained: answers are chance");
}

/**
 * Whether the prediction stands in numbers, or it is asked why.
 * @param {() => void} onNumbers @param {(target: number) => void} onAsk
 */
export function createNumbersOrWhy(onNumbers, onAsk) {
  const { element, update } = createSegments(
    gettext("The prediction"),
    [
      { value: "numbers", text: gettext("numbers") },
      { value: "why", text: gettext("why?") },
    ],
    (value) => (value === "why" ? onAsk(best) : onNumbers()),
  );
  const whyButton = /** @type {HTMLElement} */ (element.lastElementChild);
  let best = 0;
  let isAltered = false;
  return {
    element,
    /** Why the predicted class. */
    ask: () => void (isAltered || onAsk(best)),
    /** @param {Element | undefined} column of the prediction @param {import("./strip.js").StripView} view */
    update(column, { trace, open, before = null, asked = null }) {
      const { header, probabilities } = /** @type {Trace} */ (trace);
      best = largestAt(probabilities);
      isAltered = before !== null;
      element.hidden = isAltered || !header.has_answer || !header.checkpoint.trained; // its place is taken by words
      const name = header.checkpoint.classes[asked ?? best];
      const question = gettext("why {name}?", { name });
      setText(whyButton, question.length > MOST_LETTERS ? gettext("why?") : question);
      whyButton.setAttribute("title", gettext("Why {name}?", { name }));
      update(stateOf(open, asked));
      for (const each of column?.querySelectorAll(".bar") ?? [])
        each.classList.toggle("asked", each.getAttribute("data-class") === String(asked));
    },
  };
}

/** @param {string} open @param {number | null} asked */
function stateOf(open, asked) {
  if (asked !== null) return "why";
  return open === "logits" ? "numbers" : "";
}
