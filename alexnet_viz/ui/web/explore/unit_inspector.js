/** Beside fc1, fc2, the logits and the photo: the photo seen whole, what feeds a unit, the logits. */
import { makeBounds, mapCanvas } from "../lib/colour.js";
import { fill, h, setText, sizeCanvas } from "../lib/dom.js";
import { count, groupOf, groupTitle, kindTitle, number, shape, topPercents } from "../lib/format.js";
import { gettext, gettextNodes } from "../lib/language.js";
import { crossOut } from "../lib/outline.js";
import { unitColumns } from "../maps/grid.js";
import { isAnswer, NO_ANSWER } from "./selection.js";
import { seenCanvas } from "../maps/network_input.js";
import { strongest } from "../maps/ranking.js";
import { unitsCanvas } from "./units_canvas.js";
import { unitCount } from "./words.js";

/** @typedef {import("../server/api.js").Stage} Stage */
/** @typedef {import("./selection.js").View} View */

const MOST_CLASSES = 10;
const PRESENTED_CLASSES = 5;

/** @param {{onUnit: () => void}} actions */
export function createUnitInspector({ onUnit }) {
  const photo = h("canvas", { class: "picture seen-whole", role: "img" });
  const sourcePicture = h("canvas", { class: "picture", role: "img" });
  const answers = h("div", {
    class: "answers",
    role: "group",
    "aria-label": gettext("Most probable classes"),
    hidden: true,
  });
  const sourceTitle = h("h3", {});
  const unitTitle = h("h3", {});
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
  const sourceNote = h("h3", { class: "plain" });
  const words = h("p", { class: "sentence" });
  const logitsTitle = h("h3", {});
  const logits = h("div", { class: "logit-list" });
  const pictures = h("div", { class: "pictures" }, photo, sourcePicture, answers);
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
    h(
      "div",
      { class: "pair details short" },
      h("div", {}, h("div", { class: "title-row" }, unitTitle, unitButton), facts),
      h("div", {}, sourceNote, words),
    ),
    h("div", { class: "column-cut" }, logitsTitle, logits),
  );

  /** @param {View} v @param {Stage} source @param {number} side */
  function paintSource(v, source, side) {
    const { context, ratio } = sizeCanvas(sourcePicture, side, side);
    const values = source.shape.length === 3 ? v.trace.faces[source.name] : v.values.get(source.name);
    const table = v.houseTable(source.signed);
    context.clearRect(0, 0, sourcePicture.width, sourcePicture.height);
    if (!values) return;
    const finite = values.filter(Number.isFinite);
    if (source.shape.length === 3) {
      const [, height, width] = source.shape;
      const bounds = makeBounds(source.signed, Math.min(0, ...finite), Math.max(0, ...finite), 0);
      context.drawImage(
        mapCanvas(values, { offset: 0, height, width }, bounds, table),
        0,
        0,
        sourcePicture.width,
        sourcePicture.height,
      );
    } else {
      const bounds = makeBounds(source.signed, source.minimum, source.maximum, source.limit);
      context.drawImage(
        unitsCanvas(values, [...values.keys()], unitColumns(values.length), bounds, table),
        0,
        0,
        sourcePicture.width,
        sourcePicture.height,
      );
    }
    if (finite.length < values.length)
      crossOut(context, 1.5 * ratio, getComputedStyle(element).getPropertyValue("--bad"));
  }

  /** In presenter mode the open stage itself stands beside the photo, since nothing else shows it. @param {View} v @param {Stage} stage @param {number} side */
  function paintUnits(v, stage, side) {
    const { context, ratio } = sizeCanvas(sourcePicture, side, side);
    const values = v.values.get(stage.name);
    context.clearRect(0, 0, sourcePicture.width, sourcePicture.height);
    const units = unitCount(stage.shape[0], stage.name);
    fill(sourceTitle, groupTitle(groupOf(stage.name)), " ", units);
    sourcePicture.setAttribute("aria-label", `${stage.name}, ${units}`);
    if (!values) return;
    context.drawImage(
      unitsCanvas(values, v.channels(stage), unitColumns(values.length), v.bounds(stage, 0), v.table(stage)),
      0,
      0,
      sourcePicture.width,
      sourcePicture.height,
    );
    if (!values.every(Number.isFinite))
      crossOut(context, 3 * ratio, getComputedStyle(element).getPropertyValue("--bad"));
  }

  /** @param {View} v */
  function listAnswers(v) {
    const { classes } = v.trace.header.checkpoint;
    const { probabilities } = v.trace;
    fill(sourceTitle, gettext("Prediction"));
    if (!isAnswer(v.trace)) return fill(answers, h("p", {}, NO_ANSWER));
    const top = strongest(probabilities, PRESENTED_CLASSES);
    const shares = topPercents(
      top.map((unit) => probabilities[unit]),
      probabilities.length,
    );
    fill(
      answers,
      top.map((unit, place) =>
        h(
          "div",
          { class: "answer" },
          h("span", {}, classes[unit]),
          h("b", {}, shares[place]),
          h(
            "span",
            { class: "bar-track" },
            h("span", { class: "bar-fill", style: `width:${probabilities[unit] * 100}%` }),
          ),
        ),
      ),
    );
  }

  /** @param {View} v */
  function describePhoto(v) {
    const { photo: own, input } = v.trace.header;
    fill(unitTitle, own.title);
    fill(
      facts,
      fact(gettext("as it came"), `${count(own.width)} × ${count(own.height)}`),
      fact(gettext("network's input"), shape([3, input.size, input.size])),
    );
    sourceNote.hidden = words.hidden = true;
  }

  /** @param {View} v @param {Stage} stage @param {Stage} source */
  function describeUnit(v, stage, source) {
    const isLogits = stage.name === "logits";
    const unit = v.channel(stage);
    const values = v.values.get(stage.name);
    const name = isLogits ? v.trace.header.checkpoint.classes[unit] : gettext("Unit {unit}", { unit });
    fill(
      unitTitle,
      h("b", { class: "marked" }, name),
      " ",
      h("span", { class: "quiet" }, values ? number(values[unit]) : ""),
    );
    const inputs = isRectified(stage) ? 1 : source.shape.reduce((product, each) => product * each, 1);
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
  }

  /** @param {Stage} stage @param {Stage} source */
  function describeSource(stage, source) {
    const placed = source.shape.length === 3;
    const inputs = source.shape.reduce((product, each) => product * each, 1);
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
    setText(words, explain(stage, source, inputs));
    sourcePicture.setAttribute(
      "aria-label",
      gettext("What feeds it: {source}, {inputs} values", { source: sourceNote.textContent ?? "", inputs }),
    );
  }

  /** @param {View} v */
  function paintLogits(v) {
    const { classes } = v.trace.header.checkpoint;
    const top = strongest(v.trace.logits, MOST_CLASSES).filter((unit) => Number.isFinite(v.trace.logits[unit]));
    const of = ofClasses(classes.length);
    fill(logitsTitle, gettext("Logits"), " ", h("span", { class: "quiet" }, of));
    if (!isAnswer(v.trace)) return fill(logits, h("p", { class: "note" }, NO_ANSWER));
    const largest = Math.max(...top.map((unit) => Math.abs(v.trace.logits[unit])), 1e-30);
    fill(
      logits,
      top.map((unit) => {
        const value = v.trace.logits[unit];
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
  }

  /** @param {View} v @param {Stage} stage @param {number} side @param {boolean} presenting */
  function updateUnit(v, stage, side, presenting) {
    const { stages } = v.trace.header;
    const source = stages[stages.findIndex((each) => each.name === stage.name) - 1];
    answers.hidden = !(presenting && v.hasBars);
    sourcePicture.hidden = !answers.hidden;
    describeUnit(v, stage, source);
    describeSource(stage, source);
    if (!presenting) paintSource(v, source, side);
    else if (v.hasBars) listAnswers(v);
    else paintUnits(v, stage, side);
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
      sourceTitle.hidden = unitButton.hidden = v.stage === null;
      if (v.stage) updateUnit(v, v.stage, side, presenting);
      else {
        sourcePicture.hidden = answers.hidden = true;
        describePhoto(v);
      }
      paintLogits(v);
    },
  };
}

/** @param {number} total @returns {string} whose logits are listed */
function ofClasses(total) {
  if (total === 10) return gettext("of the ten classes");
  return total < 10
    ? gettext("of the {count} classes", { count: total })
    : gettext("of the top ten of {count} classes", { count: count(total) });
}

/** @param {Stage} stage @returns {boolean} a ReLU behind an fc layer: unit by unit */
function isRectified(stage) {
  return stage.name.endsWith(".relu");
}

/** @param {Stage} stage @param {Stage} source @param {number} inputs @returns {string} */
function explain(stage, source, inputs) {
  if (isRectified(stage))
    return gettext("Each unit is that of {layer}, with negative values set to zero.", { layer: source.name });
  if (source.shape.length === 3)
    return gettext("All {inputs} values meet in every unit of {layer}, so a unit has no place on the photo.", {
      inputs,
      layer: stage.name,
    });
  const before = groupOf(source.name);
  if (stage.name === "logits") return gettext("Every logit weighs all {inputs} units of {before}.", { inputs, before });
  return gettext("Every unit of {layer} weighs all {inputs} units of {before}.", { layer: stage.name, inputs, before });
}

/** @param {string} name @param {string} value */
function fact(name, value) {
  return h("div", {}, h("dt", {}, name), h("dd", {}, h("b", {}, value)));
}
