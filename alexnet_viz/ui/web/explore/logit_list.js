/** The largest logits, each with a bar to its side of zero. */
import { fill, h } from "../lib/dom.js";
import { count, number } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { strongest } from "../maps/ranking.js";
import { isAnswer, NO_ANSWER } from "./selection.js";

const MOST_CLASSES = 10;

export function createLogitList() {
  const title = h("h3", {});
  const list = h("div", { class: "logit-list" });

  return {
    element: h("div", { class: "column-cut" }, title, list),
    /** @param {import("../server/api.js").Trace} trace */
    update(trace) {
      const { classes } = trace.header.checkpoint;
      const top = strongest(trace.logits, MOST_CLASSES).filter((unit) => Number.isFinite(trace.logits[unit]));
      const howMany = ofClasses(classes.length);
      fill(title, gettext("Logits"), " ", h("span", { class: "quiet" }, howMany));
      if (!isAnswer(trace)) return fill(list, h("p", { class: "note" }, NO_ANSWER));
      const largest = Math.max(...top.map((unit) => Math.abs(trace.logits[unit])), 1e-30);
      fill(
        list,
        top.map((unit) => {
          const value = trace.logits[unit];
          const share = (Math.abs(value) / largest) * 50;
          return h(
            "div",
            { class: "logit" },
            h("span", { class: "unit-name", title: classes[unit] }, classes[unit]),
            h(
              "span",
              { class: "both-ways" },
              h("span", {
                class: value < 0 ? "below" : "above",
                style: `width:${share}%;${value < 0 ? "right" : "left"}:50%`,
              }),
            ),
            h("span", { class: "bar-value" }, number(value)),
          );
        }),
      );
    },
  };
}

/** @param {number} total @returns {string} whose logits are listed */
function ofClasses(total) {
  if (total === 1) return gettext("of the only class");
  if (total === 10) return gettext("of the ten classes");
  return total < 10
    ? gettext("of the {count} classes", { count: total })
    : gettext("of the top ten of {count} classes", { count: count(total) });
}
