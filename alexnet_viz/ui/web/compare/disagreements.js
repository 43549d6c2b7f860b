/** The pictures of the test set that A and B answer differently, the surest ones first. Each opens in "this photo". */
import { address } from "../server/api.js";
import { fill, h } from "../lib/dom.js";
import { count, percent } from "../lib/format.js";
import { gettext } from "../lib/language.js";

const SHOWN = 60; // pictures at first

/**
 * @param {string} data name of the data set @param {import("./jobs.js").Answers} answers @param {(index: number) => void} onOpen
 * @returns {HTMLElement}
 */
export function disagreements(data, answers, onOpen) {
  let shown = SHOWN;
  const list = h("div", { class: "disagreements" });
  const more = h(
    "button",
    { class: "button quiet", type: "button", onclick: () => ((shown += SHOWN), drawList()) },
    gettext("Show more"),
  );
  function drawList() {
    const part = answers.disagreements.slice(0, shown);
    fill(
      list,
      part.map((each) =>
        h(
          "button",
          {
            class: "disagreement",
            type: "button",
            title: gettext("Open it in “this photo”"),
            "aria-label": gettext("A {label}. A says {a}, {sure}; B says {b}, {other}. Open", {
              label: each.label,
              a: each.a,
              b: each.b,
              sure: percent(each.a_probability),
              other: percent(each.b_probability),
            }),
            onclick: () => onOpen(each.index),
          },
          h("img", {
            src: address(`comparison/data/${data}/${each.index}.png`).href,
            alt: "",
            loading: "lazy",
            width: "64",
            height: "64",
          }),
          h(
            "span",
            { class: "disagreement-words", "aria-hidden": "true" },
            h("b", {}, each.label),
            says("A", each.a, each.a_probability, each.label),
            says("B", each.b, each.b_probability, each.label),
          ),
        ),
      ),
    );
    more.hidden = part.length === answers.disagreements.length;
  }
  drawList();
  const total = answers.disagreement_count;
  const whichOnes =
    answers.disagreements.length < total
      ? gettext("The {n} of them where both are surest.", { n: answers.disagreements.length })
      : gettext("The surest ones first.");
  const differently = gettext("They answer differently on {part} of {n} pictures.", {
    part: count(total),
    n: count(answers.n),
  });
  return h(
    "section",
    { "aria-label": gettext("Disagreements") },
    h("h3", {}, gettext("Where they disagree")),
    h("p", { class: "sentence" }, total ? `${differently} ${whichOnes}` : differently),
    list,
    more,
  );
}

/** @param {string} letter @param {string} answer @param {number} probability @param {string} label */
function says(letter, answer, probability, label) {
  return h(
    "span",
    { class: answer === label ? "right-answer" : "" },
    `${letter} ${answer === label ? "✓" : "✗"} ${answer} ${percent(probability)}`,
  );
}
