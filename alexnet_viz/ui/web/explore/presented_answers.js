/** The most probable classes, as presenter mode shows them beside the photo. */
import { fill, h } from "../lib/dom.js";
import { sharesOf } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { strongest } from "../maps/ranking.js";
import { isAnswer, NO_ANSWER } from "./selection.js";

const PRESENTED_CLASSES = 5;

export function createPresentedAnswers() {
  const element = h("div", {
    class: "answers",
    role: "group",
    "aria-label": gettext("Most probable classes"),
    hidden: true,
  });

  return {
    element,
    /** @param {import("../server/api.js").Trace} trace */
    update(trace) {
      const { classes } = trace.header.checkpoint;
      const { probabilities } = trace;
      if (!isAnswer(trace)) return fill(element, h("p", {}, NO_ANSWER));
      const top = strongest(probabilities, PRESENTED_CLASSES);
      const shareOf = sharesOf(probabilities);
      fill(
        element,
        top.map((unit) =>
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
    },
  };
}
