/** What is said of a unit under its pictures: its name, its value, its rank; of the photo its sizes. */
import { fill, h } from "../lib/dom.js";
import { count, number, shape } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { inputsOf, isRectified } from "./source_words.js";
import { unitCount } from "./words.js";

/** @typedef {import("../server/api.js").Stage} Stage */
/** @typedef {import("./selection.js").View} View */

/** @param {() => void} onUnit opens the page of this unit */
export function createUnitFacts(onUnit) {
  const title = h("h3", { class: "unit-title" });
  const unitButton = h(
    "button",
    {
      class: "link",
      type: "button",
      title: gettext("How this value is made, what excites the unit (U)"),
      onclick: () => onUnit(),
    },
    gettext("Unit →"),
  );
  const facts = h("dl", { class: "facts" });

  return {
    element: h("div", {}, h("div", { class: "title-row" }, title, unitButton), facts),
    /** @param {View} v */
    describePhoto(v) {
      unitButton.hidden = true;
      const { photo: own, input } = v.trace.header;
      fill(title, own.title);
      fill(
        facts,
        fact(gettext("as it came"), `${count(own.width)} × ${count(own.height)}`),
        fact(gettext("network's input"), shape([3, input.size, input.size])),
      );
    },
    /** @param {View} v @param {Stage} stage @param {Stage} source */
    describeUnit(v, stage, source) {
      unitButton.hidden = false;
      const isLogits = stage.name === "logits";
      const unit = v.channel(stage);
      const values = v.values.get(stage.name);
      const name = isLogits ? v.trace.header.checkpoint.classes[unit] : gettext("Unit {unit}", { unit });
      fill(
        title,
        h("b", { class: "marked", title: name }, name),
        " ",
        h("span", { class: "quiet" }, values ? number(values[unit]) : ""),
      );
      const inputs = isRectified(stage) ? 1 : inputsOf(source);
      const inputFact = fact(gettext("inputs"), String(inputs));
      if (!values || !Number.isFinite(values[unit])) return fill(facts, inputFact);
      const rank = 1 + values.filter((value) => value > values[unit]).length;
      const above = values.filter((value) => value > 0).length;
      fill(
        facts,
        fact(gettext("rank"), gettext("{rank} of {total}", { rank: count(rank), total: stage.shape[0] })),
        inputFact,
        fact(gettext("above zero"), unitCount(above, stage.name)),
      );
    },
  };
}

/** @param {string} name @param {string} value */
function fact(name, value) {
  return h("div", {}, h("dt", {}, name), h("dd", {}, h("b", {}, value)));
}
