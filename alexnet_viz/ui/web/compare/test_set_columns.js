/** The three columns of the test-set view: accuracy, confusion matrices, calibration. */
import { confusion, largestOf, reliability } from "./test_set_charts.js";
import { points } from "./test_set_words.js";
import { badge } from "./walls.js";

import { h } from "../lib/dom.js";
import { count, number, percent, percents } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { houseTable } from "../shell/theme.js";

/** @typedef {import("./jobs.js").Answers} Answers */
/** @typedef {import("./jobs.js").Scores} Scores */

/** @param {Answers} answers */
export function scoresColumn(answers) {
  const rows = /** @type {["A" | "B", Scores][]} */ ([
    ["A", answers.a],
    ["B", answers.b],
  ]);
  const shares = percents(rows.map(([, { accuracy }]) => accuracy));
  return h(
    "section",
    { "aria-label": gettext("Accuracy") },
    h("h3", {}, gettext("Accuracy, with its 95 % interval")),
    rows.map(([letter, { accuracy, interval }], i) => {
      if (!interval)
        return h(
          "div",
          { class: "accuracy" },
          badge(letter),
          h("b", { class: "no-answer" }, gettext("its outputs are not numbers")),
        );
      const [low, high] = interval;
      return h(
        "div",
        { class: "accuracy" },
        badge(letter),
        h("b", {}, shares[i]),
        h(
          "span",
          {
            class: "accuracy-track",
            role: "img",
            "aria-label": gettext("from {low} to {high}", { low: percent(low), high: percent(high) }),
          },
          h("span", { class: "accuracy-chance", style: `left:${answers.chance * 100}%` }),
          h("span", { class: "accuracy-bar", style: `left:${low * 100}%;width:${(high - low) * 100}%` }),
          h("span", { class: `dumbbell-end ${letter === "A" ? "ring" : "disc"}`, style: `left:${accuracy * 100}%` }),
        ),
        h("span", { class: "note" }, gettext("{low} to {high}", { low: percent(low), high: percent(high) })),
      );
    }),
    h(
      "p",
      { class: "note" },
      gettext("The thin line: chance, {chance}, which who always names the most frequent class gets.", {
        chance: percent(answers.chance),
      }),
    ),
    h(
      "table",
      { class: "per-class" },
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          [gettext("class"), gettext("pictures"), "A", "B", "B − A"].map((title, i) =>
            h("th", { class: i ? "right" : "", scope: "col" }, title),
          ),
        ),
      ),
      h(
        "tbody",
        {},
        answers.per_class.map((row) =>
          h(
            "tr",
            {},
            h("td", {}, row.class),
            h("td", { class: "right" }, row.count),
            percents([row.a, row.b]).map((share) => h("td", { class: "right" }, share)),
            h("td", { class: "right" }, row.difference === null ? "–" : points(row.difference)),
          ),
        ),
      ),
    ),
  );
}

/** @param {"light" | "dark"} theme @param {Answers} answers */
export function matricesColumn(theme, answers) {
  const end = largestOf(answers.a.confusion, answers.b.confusion);
  const shared = { low: 0, high: end, clippedLow: false, clippedHigh: false };
  const change = Math.max(1, ...answers.confusion_difference.flat().map(Math.abs));
  const both = { ...shared, low: -change, high: change };
  const matrixFigure = (
    /** @type {Node[]} */ title,
    /** @type {string} */ name,
    /** @type {number[][]} */ matrix,
    /** @type {boolean} */ signed,
  ) =>
    h(
      "figure",
      {},
      h("h3", {}, title),
      confusion(matrix, answers.classes, signed ? both : shared, houseTable(theme, signed), name),
      h(
        "figcaption",
        { class: "note" },
        signed
          ? gettext("−{n} to {n} pictures", { n: count(change) })
          : gettext("0 to {n} pictures", { n: count(end) }),
      ),
    );
  return h(
    "section",
    { "aria-label": gettext("Confusion matrices") },
    h(
      "p",
      { class: "note" },
      gettext("Rows: the true class, {first} to {last}; columns: the answer. One range for A and B.", {
        first: answers.classes[0],
        last: answers.classes[answers.classes.length - 1],
      }),
    ),
    h(
      "div",
      { class: "matrices" },
      matrixFigure([badge("A")], "A", answers.a.confusion, false),
      matrixFigure([badge("B")], "B", answers.b.confusion, false),
      matrixFigure(
        [badge("B"), h("span", { class: "quiet" }, " − "), badge("A")],
        "B − A",
        answers.confusion_difference,
        true,
      ),
    ),
  );
}

/** @param {Answers} answers */
export function calibrationColumn({ a, b }) {
  return h(
    "section",
    { "aria-label": gettext("Calibration") },
    h("h3", {}, gettext("Calibration")),
    h("p", { class: "note" }, gettext("Across: how sure the answer is. Up: how often it is right.")),
    reliability(a, b, 284, 200),
    h(
      "p",
      { class: "sentence" },
      gettext(
        "On average the probabilities of A are off by {a}, those of B by {b} (expected calibration error; loss {first} and {second}).",
        { a: percent(a.ece), b: percent(b.ece), first: number(a.loss, 4), second: number(b.loss, 4) },
      ),
    ),
  );
}
