/** What Compare shows in presenter mode: the two maps of the selected channel, or the verdict. */
import { h } from "../lib/dom.js";
import { number, stageTitle } from "../lib/format.js";
import { gettextNodes } from "../lib/language.js";
import { endsOf, legendOf } from "../maps/legend.js";
import { VIEW_TITLES } from "./head.js";
import { answerOf, photoWords } from "./words.js";

/** @typedef {import("./pair_panel.js").SideView} SideView */
/** @typedef {import("../shell/presenter.js").Slide} Slide */

/** @param {SideView} v @returns {import("../lib/dom.js").Child[]} A's value at the pointer, and B's */
function valuesAt({ comparison: c, channel, place }) {
  if (!c || !place) return [];
  const [, height, width] = c.shape;
  const at = (channel * height + place.row) * width + place.column;
  const marked = (/** @type {number} */ value) => h("b", { class: "marked slide-number" }, number(value));
  const [a, where] = [marked(c.a.values[at]), { row: place.row, column: place.column }];
  const isMap = height * width > 1;
  if (c.reason || c.partners?.[channel] === null)
    return isMap
      ? gettextNodes("Row {row}, column {column}: A answers {a}", { ...where, a })
      : gettextNodes("A answers {a}", { a });
  const b = marked(c.b.values[at]);
  return isMap
    ? gettextNodes("Row {row}, column {column}: A answers {a}, B {b}", { ...where, a, b })
    : gettextNodes("A answers {a}, B {b}", { a, b });
}

export function createCompareSlide() {
  const verdictText = h("p", { class: "slide-text" });
  return {
    /** @param {SideView} v @param {{a: string, b: string}} names @param {HTMLElement} pictures @param {HTMLElement} answers @returns {Slide} */
    ofPair(v, names, pictures, answers) {
      const isMap = v.stage.shape.length === 3;
      const answerWords = photoWords(answerOf(v.traces.a), answerOf(v.traces.b));
      return {
        title: [`${stageTitle(v.stage.name)}, ${v.called}`],
        beside: `A ${names.a} · B ${names.b}`,
        shown: [isMap ? pictures : answers],
        words: valuesAt(v),
        legend: isMap && v.comparison ? legendOf(v.table, endsOf(v.bounds.shared)) : [],
        answer: [answerWords],
      };
    },
    /** The other views in words; of this photo, the pair is shown. @param {import("../shell/page_frame.js").Presenter} presenter @param {import("./photo_panel.js").Moment | null} m @param {string} verdict */
    showVerdict(presenter, m, verdict) {
      if (!m) return presenter.show(null);
      if (m.state.view === "photo") return;
      verdictText.textContent = verdict;
      presenter.show({
        title: [VIEW_TITLES[m.state.view]],
        beside: `A ${m.names.a} · B ${m.names.b}`,
        shown: [verdictText],
        words: [],
      });
    },
  };
}
