/** What Explore shows in presenter mode: photo and map, the number at the pointer, what the network says. */
import { h } from "../lib/dom.js";
import { count, groupOf, groupTitle, kindTitle, number, shape } from "../lib/format.js";
import { gettext, gettextNodes } from "../lib/language.js";
import { endsOf, legendOf } from "../maps/legend.js";
import { answerOf } from "../maps/answer.js";
import { unitCount } from "./words.js";

/** @typedef {import("./selection.js").View} View */
/** @typedef {import("../server/api.js").Stage} Stage */
/** @typedef {import("../shell/presenter.js").Slide} Slide */

/** @param {number} value */
const marked = (value) => h("b", { class: "marked slide-number" }, number(value));

/** The ReLU is what a block is shown by: only the other stages are named. @param {string} stage @returns {string} */
function titleOf(stage) {
  const kind = stage.includes(".") && !stage.endsWith(".relu") ? `, ${kindTitle(stage)}` : "";
  return `${groupTitle(groupOf(stage))}${kind}`;
}

/**
 * @param {View} now @param {Stage} stage the open one, or that of the channel that is held @param {number} channel @param {{row: number, column: number}} place @param {HTMLElement} pictures
 * @returns {Slide}
 */
export function mapSlide(now, stage, channel, place, pictures) {
  const [channels, height, width] = stage.shape;
  const value = now.values.get(stage.name)?.[(channel * height + place.row) * width + place.column];
  return {
    title: [gettext("{stage}, channel {channel}", { stage: titleOf(stage.name), channel })],
    beside: gettext("{count} maps of {size}", { count: count(channels), size: shape([height, width]) }),
    shown: [pictures],
    words:
      value === undefined
        ? []
        : gettextNodes("It looks at {size} pixels and answers {value}", {
            size: h("b", {}, shape([stage.field, stage.field])),
            value: marked(value),
          }),
    legend: legendOf(now.table(stage), endsOf(now.bounds(stage, channel))),
    answer: answerOf(now.trace),
  };
}

/** @param {View} now @param {HTMLElement} pictures @returns {Slide} */
export function unitSlide(now, pictures) {
  const { stage, trace } = now;
  const shown = [pictures];
  if (!stage)
    return {
      title: [trace.header.photo.title],
      beside: gettext("{size} pixels", { size: shape([trace.header.input.size, trace.header.input.size]) }),
      shown,
      words: [gettext("What the network sees")],
      answer: answerOf(trace),
    };
  const isLogits = stage.name === "logits";
  const unit = now.channel(stage);
  const value = now.values.get(stage.name)?.[unit];
  const name = isLogits ? trace.header.checkpoint.classes[unit] : gettext("unit {unit}", { unit });
  return {
    title: [isLogits ? gettext("Prediction") : `${titleOf(stage.name)}, ${name}`],
    beside: unitCount(stage.shape[0], stage.name),
    shown,
    words:
      value === undefined
        ? []
        : isLogits
          ? gettextNodes("The logit of {name} is {value}", { name, value: marked(value) })
          : gettextNodes("It looks at the whole photo and answers {value}", { value: marked(value) }),
    legend: now.hasBars ? [] : legendOf(now.table(stage), endsOf(now.bounds(stage, 0))),
    answer: answerOf(trace),
  };
}
