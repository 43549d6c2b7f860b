/** Beside fc1, fc2, the logits and the photo: the photo seen whole, what feeds a unit, the logits. */
import { fill, h, setText, sizeCanvas } from "../lib/dom.js";
import { groupOf, groupTitle, kindTitle, shape } from "../lib/format.js";
import { gettext, gettextNodes } from "../lib/language.js";
import { createPicture } from "../lib/picture.js";
import { unitColumns } from "../maps/grid.js";
import { seenCanvas } from "../maps/network_input.js";
import { createLogitList } from "./logit_list.js";
import { createPresentedAnswers } from "./presented_answers.js";
import { paintSource, paintUnits } from "./source_picture.js";
import { explainSource, inputsOf } from "./source_words.js";
import { createUnitFacts } from "./unit_facts.js";
import { unitCount } from "./words.js";

/** @typedef {import("../server/api.js").Stage} Stage */
/** @typedef {import("./selection.js").View} View */

/** @param {{onUnit: () => void}} actions */
export function createUnitInspector({ onUnit }) {
  const photo = createPicture({ class: "picture seen-whole" });
  const sourcePicture = createPicture({ class: "picture" });
  const answers = createPresentedAnswers();
  const sourceTitle = h("h3", {});
  const unitFacts = createUnitFacts(() => onUnit());
  const sourceNote = h("h3", { class: "plain" });
  const words = h("p", { class: "sentence" });
  const logits = createLogitList();
  const pictures = h("div", { class: "pictures" }, photo, sourcePicture, answers.element);
  const element = h(
    "section",
    { class: "inspector", "aria-label": gettext("Inspector") },
    h(
      "div",
      { class: "pair titles" },
      h("h3", {}, gettext("Photo"), " ", h("span", { class: "quiet" }, gettext("seen whole"))),
      sourceTitle,
    ),
    pictures,
    h("div", { class: "pair details short" }, unitFacts.element, h("div", {}, sourceNote, words)),
    logits.element,
  );

  /** In presenter mode the open stage itself stands beside the photo, since nothing else shows it. @param {View} v @param {Stage} stage @param {number} side */
  function presentUnits(v, stage, side) {
    const units = unitCount(stage.shape[0], stage.name);
    fill(sourceTitle, groupTitle(groupOf(stage.name)), " ", units);
    sourcePicture.setAttribute("aria-label", `${stage.name}, ${units}`);
    paintUnits(sourcePicture, v, stage, side);
  }

  /** @param {View} v */
  function presentAnswers(v) {
    fill(sourceTitle, gettext("Prediction"));
    answers.update(v.trace);
  }

  /** @param {Stage} stage @param {Stage} source */
  function describeSource(stage, source) {
    const placed = source.shape.length === 3;
    const inputs = inputsOf(source);
    sourceNote.hidden = words.hidden = false;
    const group = groupTitle(groupOf(source.name));
    fill(
      sourceTitle,
      gettext("What feeds it"),
      " ",
      h(
        "span",
        { class: "quiet" },
        placed ? shape(source.shape) : gettext("{count} units", { count: source.shape[0] }),
      ),
    );
    fill(
      sourceNote,
      placed
        ? gettextNodes("{stage}, mean over channels", { stage: h("b", {}, `${group} ${kindTitle(source.name)}`) })
        : gettextNodes("{layer}, {columns} to a row", { layer: h("b", {}, group), columns: unitColumns(inputs) }),
    );
    setText(words, explainSource(stage, source, inputs));
    sourcePicture.setAttribute(
      "aria-label",
      gettext("What feeds it: {source}, {inputs} values", { source: sourceNote.textContent ?? "", inputs }),
    );
  }

  /** @param {View} v @param {Stage} stage @param {number} side @param {boolean} presenting */
  function updateUnit(v, stage, side, presenting) {
    const { stages } = v.trace.header;
    const source = stages[stages.findIndex((each) => each.name === stage.name) - 1];
    answers.element.hidden = !(presenting && v.hasBars);
    sourcePicture.hidden = !answers.element.hidden;
    unitFacts.describeUnit(v, stage, source);
    describeSource(stage, source);
    if (!presenting) paintSource(sourcePicture, v, source, side);
    else if (v.hasBars) presentAnswers(v);
    else presentUnits(v, stage, side);
  }

  return {
    element,
    pictures,
    /** @param {View} v @param {boolean} presenting */
    update(v, presenting) {
      if (element.hidden) return;
      const side = parseFloat(getComputedStyle(element).getPropertyValue("--picture")) || 227;
      const { context } = sizeCanvas(photo, side, side);
      context.imageSmoothingEnabled = photo.width % v.trace.header.input.size !== 0;
      context.drawImage(seenCanvas(v.trace), 0, 0, photo.width, photo.height);
      photo.setAttribute(
        "aria-label",
        gettext("{title}, as the network sees it", { title: v.trace.header.photo.title }),
      );
      sourceTitle.hidden = v.stage === null;
      if (v.stage) updateUnit(v, v.stage, side, presenting);
      else {
        sourcePicture.hidden = answers.element.hidden = true;
        unitFacts.describePhoto(v);
        sourceNote.hidden = words.hidden = true;
      }
      logits.update(v.trace);
    },
  };
}
