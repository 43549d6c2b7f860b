/** What Compare shows in presenter mode: the two maps of the selected channel, or the verdict. */
import { h } from "../lib/dom.js";
import { number, stageTitle } from "../lib/format.js";
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
  const where = height * width > 1 ? `Row ${place.row}, column ${place.column}: ` : "";
  const marked = (/** @type {number} */ value) => h("b", { class: "marked slide-number" }, number(value));
  if (c.reason || c.partners?.[channel] === null) return [`${where}A answers `, marked(c.a.values[at])];
  return [`${where}A answers `, marked(c.a.values[at]), ", B ", marked(c.b.values[at])];
}

export function createCompareSlide() {
  const verdictText = h("p", { class: "slide-text" });
  return {
    /** @param {SideView} v @param {{a: string, b: string}} names @param {HTMLElement} pictures @param {HTMLElement} answers @returns {Slide} */
    ofPair(v, names, pictures, answers) {
      const isMap = v.stage.shape.length === 3;
      const said = photoWords(answerOf(v.traces.a), answerOf(v.traces.b));
      return {
        title: [`${stageTitle(v.stage.name)}, ${v.pair[0].toLowerCase()}${v.pair.slice(1)}`],
        beside: `A ${names.a} · B ${names.b}`,
        shown: [isMap ? pictures : answers],
        words: valuesAt(v),
        legend: isMap && v.comparison ? legendOf(v.table, endsOf(v.bounds.shared)) : [],
        answer: [said],
      };
    },
    /** The other views in words; of this photo, the pair is shown. @param {import("../shell/page_frame.js").Presenter} presenter @param {import("./photo_panel.js").Moment | null} m @param {string} verdict */
    showVerdict(presenter, m, verdict) {
      if (!m) return presenter.show(null);
      if (m.state.view === "photo") return;
      verdictText.textContent = verdict;
      presenter.show({ title: [VIEW_TITLES[m.state.view]], beside: `A ${m.names.a} · B ${m.names.b}`, shown: [verdictText], words: [] });
    },
  };
}
