/** What the Why page shows in presenter mode: the map on the photo, and the class beside the one that it is asked against. */
import { h } from "../lib/dom.js";
import { sharesOf } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { strongest } from "../maps/ranking.js";
import { methodOf } from "./words.js";

/** @typedef {import("../server/api.js").Trace} Trace */

/** @param {Trace} trace @param {number} target @param {number | null} versus @returns {[number, number]} the class, and the likeliest other where none is named */
function pairOf({ probabilities }, target, versus) {
  const rival = versus ?? strongest(probabilities, 2).find((unit) => unit !== target);
  return [target, rival ?? target];
}

/** @param {ReturnType<typeof import("./map_panel.js").createMapPanel>} map */
export function createWhySlide(map) {
  const bars = h("div", { class: "answers", role: "group", "aria-label": gettext("Two classes") });

  /** @param {Trace} trace @param {[number, number]} pair */
  function drawBars(trace, pair) {
    const { classes } = trace.header.checkpoint;
    const { probabilities } = trace;
    const shareOf = sharesOf(probabilities);
    bars.replaceChildren(
      ...pair.map((unit) =>
        h(
          "div",
          { class: "answer" },
          h("span", {}, classes[unit]),
          h("b", {}, shareOf(unit)),
          h(
            "span",
            { class: "bar-track" },
            h("span", { class: "bar-fill", style: `width:${probabilities[unit] * 100}%` }),
          ),
        ),
      ),
    );
  }

  /** What is pointed at, or the first two sentences on the map. @param {HTMLElement} words @param {boolean} isFound @param {boolean} isAsking @returns {string} */
  function said(words, isFound, isAsking) {
    const text = words.textContent ?? "";
    if (!isFound) return text || (isAsking ? gettext("Computing the map") : "");
    return map.pointed() || text.split(". ").slice(0, 2).join(". ");
  }

  return {
    /**
     * @param {{trace: Trace, target: number, rival: number | null, title: HTMLElement, method: string, words: HTMLElement, found: import("../server/explanations.js").Explanation | null, isAsking: boolean, theme: "light" | "dark"}} parts
     * @returns {import("../shell/presenter.js").Slide}
     */
    of({ trace, target, rival, title, method, words, found, isAsking, theme }) {
      const answers = trace.header.has_answer;
      if (answers) drawBars(trace, pairOf(trace, target, rival));
      return {
        title: [title.textContent],
        beside: methodOf(method).text,
        shown: answers ? [map.frame, bars] : [map.frame],
        words: [said(words, found !== null, isAsking)],
        legend: found ? map.legendOf(found, theme) : [],
      };
    },
  };
}
