/** "Test set": who is right how often, whether that can be chance, and on which pictures the two disagree. */
import { disagreements } from "./disagreements.js";
import { testRows } from "./tables.js";
import { calibrationColumn, matricesColumn, scoresColumn } from "./test_set_columns.js";
import { createTestSetHead } from "./test_set_head.js";
import { mcnemarWords, noAnswerWords } from "./test_set_words.js";
import { fill, h } from "../lib/dom.js";
import { count, percent } from "../lib/format.js";
import { gettext } from "../lib/language.js";

/** @typedef {import("./jobs.js").Found} Found */
/** @typedef {import("./data_sets.js").DataSet} DataSet */
/**
 * @typedef {{known: import("./pairing.js").Known, dataSets: DataSet[], data: DataSet, upload: import("../shell/upload_summary.js").Upload | null, count: string, theme: "light" | "dark", names: {a: string, b: string}}} TestView
 *   upload: what the zip holds that is chosen
 */

/** @param {{set: (changes: {data?: string, count?: string}) => void, onStart: () => void, onCancel: () => void, onOpen: (index: number) => void, onFolder: (file: File) => void}} actions */
export function createTestSetPanel(actions) {
  const head = createTestSetHead(actions);
  const body = h("div", { class: "test-body" });
  const element = h(
    "section",
    { class: "compare-test", "aria-label": gettext("Test set"), tabindex: "0", hidden: true },
    head.elements,
    body,
  );
  let drawn = "";
  /** @type {TestView | null} */
  let view = null;

  /** @param {TestView} v @param {Found} found */
  function drawFound(v, found) {
    const { answers } = found;
    if (!answers) {
      const same =
        found.agreement === null
          ? ""
          : gettext("They give the same answer on {share} of {n} pictures.", {
              share: percent(found.agreement),
              n: count(found.images),
            });
      fill(body, h("p", { class: "sentence test-sentence" }, [found.remark, same].filter(Boolean).join(" ")));
      return;
    }
    fill(
      body,
      h("p", { class: "sentence test-sentence" }, `${noAnswerWords(answers)}${mcnemarWords(answers)}`),
      h(
        "div",
        { class: "test-columns" },
        scoresColumn(answers),
        matricesColumn(v.theme, answers),
        calibrationColumn(answers),
      ),
      disagreements(v.data.name, answers, actions.onOpen),
    );
  }

  return {
    element,
    /** @returns {import("../lib/csv.js").Cell[][] | null} */
    table: () => (view?.known.found ? testRows(view.known.found, view.names, view.data.title) : null),
    /** @param {TestView} v */
    update(v) {
      view = v;
      head.update(v);
      const { found } = v.known;
      const key = JSON.stringify([
        v.names,
        v.data.name,
        v.data.remark,
        v.count,
        v.theme,
        found?.seconds,
        found?.answers?.mcnemar,
      ]);
      if (key === drawn) return;
      drawn = key;
      if (found) drawFound(v, found);
      else fill(body, v.data.remark ? h("p", { class: "sentence test-sentence" }, v.data.remark) : null);
    },
  };
}
