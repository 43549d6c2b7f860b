/** What the network says of the photo as it is covered: the likeliest classes before and after, and a sentence on the target. */
import { dumbbells, dumbbellTitle } from "../charts/dumbbells.js";
import { fill, h, setText } from "../lib/dom.js";
import { percent, percents } from "../lib/format.js";
import { gettext, gettextNodes, ngettext } from "../lib/language.js";
import { coveredShare } from "./cover_picture.js";

/** @typedef {import("./cover_picture.js").Stroke} Stroke */
/** @typedef {import("../server/api.js").Trace} Trace */

const MOST_CLASSES = 10;

/**
 * The classes that are shown: the target and the likeliest others, the likeliest first.
 * @param {Float32Array} probabilities of the whole photo
 * @param {number} target
 * @returns {number[]}
 */
export function shownClasses(probabilities, target) {
  const order = Array.from(probabilities.keys()).sort((a, b) => probabilities[b] - probabilities[a]);
  return [...new Set([target, ...order])].slice(0, MOST_CLASSES).sort((a, b) => order.indexOf(a) - order.indexOf(b));
}

export function createCoverPrediction() {
  const words = h("p", { class: "why-readout", role: "status" });
  const rows = h("div", {});
  const element = h("div", {}, dumbbellTitle(gettext("whole"), gettext("covered")), rows);

  return {
    element,
    /** The sentence, for where the panel has room for it. */
    words,
    /** @param {Trace} trace of the whole photo @param {number} target @param {Stroke[]} strokes @param {ArrayLike<number>} covered the probabilities now, none before the first answer */
    update(trace, target, strokes, covered) {
      const { probabilities } = trace;
      const { classes } = trace.header.checkpoint;
      const now = covered.length ? covered : probabilities;
      if (!Array.from(now).every(Number.isFinite))
        return void (fill(words), fill(rows, h("p", { class: "no-answer" }, gettext("The outputs are not numbers."))));
      const pairs = shownClasses(probabilities, target).map((k) => ({
        name: classes[k],
        first: probabilities[k],
        second: now[k],
        isBest: k === target,
      }));
      fill(rows, dumbbells(pairs, [gettext("whole"), gettext("covered")]));
      const [before, after] = percents([probabilities[target], now[target]]);
      if (!strokes.length)
        return setText(
          words,
          gettext("Draw on the photo, or move the brush with the arrow keys and cover with Space."),
        );
      const template = ngettext(
        "{strokes} stroke covers {share}; {target} {before} → {after}",
        "{strokes} strokes cover {share}; {target} {before} → {after}",
        strokes.length,
      );
      fill(
        words,
        gettextNodes(template, {
          strokes: strokes.length,
          share: h("b", {}, percent(coveredShare(strokes, trace))),
          target: classes[target],
          before,
          after: h("b", {}, after),
        }),
      );
    },
  };
}
