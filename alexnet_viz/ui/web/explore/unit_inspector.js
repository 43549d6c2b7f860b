/** Beside fc1, fc2, the logits and the photo: the photo seen whole, what feeds a unit, the logits. */
import { makeBounds, mapCanvas } from "../lib/colour.js";
import { fill, h, setText, sizeCanvas } from "../lib/dom.js";
import { count, groupOf, groupTitle, kindTitle, number, shape } from "../lib/format.js";
import { unitColumns } from "../maps/grid.js";
import { seenCanvas } from "../maps/network_input.js";
import { strongest } from "../maps/ranking.js";

/** @typedef {import("../server/api.js").Trace} Trace */
/** @typedef {import("../server/api.js").Stage} Stage */
/** @typedef {{trace: Trace, stage: Stage | null, unit: number, values: Float32Array | null, feeding: {stage: Stage, values: Float32Array | null} | null, activation: Uint32Array, signed: Uint32Array}} UnitInspectorView */

const MOST_CLASSES = 10;

export function createUnitInspector() {
  const photo = h("canvas", { class: "picture seen-whole", role: "img" });
  const sourcePicture = h("canvas", { class: "picture", role: "img" });
  const sourceTitle = h("h3", {});
  const unitTitle = h("h3", {});
  const facts = h("dl", { class: "facts" });
  const sourceNote = h("h3", { class: "plain" });
  const words = h("p", { class: "sentence" });
  const logitsTitle = h("h3", {});
  const logits = h("div", { class: "logit-list" });
  const element = h(
    "section",
    { class: "inspector", "aria-label": "Inspector" },
    h("div", { class: "pair titles" }, h("h3", {}, "Photo ", h("span", { class: "quiet" }, "seen whole")), sourceTitle),
    h("div", { class: "pictures" }, photo, sourcePicture),
    h("div", { class: "pair details short" }, h("div", {}, unitTitle, facts), h("div", {}, sourceNote, words)),
    h("div", { class: "column-cut" }, logitsTitle, logits),
  );

  /** @param {UnitInspectorView} v @param {number} side */
  function paintSource(v, side) {
    const { context } = sizeCanvas(sourcePicture, side, side);
    sourcePicture.style.visibility = sourceTitle.style.visibility = v.feeding ? "visible" : "hidden";
    if (!v.feeding) return;
    const { stage, values } = v.feeding;
    if (stage.shape.length === 3) {
      const [, height, width] = stage.shape;
      const face = v.trace.faces[stage.name];
      const bounds = makeBounds(false, 0, face.reduce((most, value) => Math.max(most, value), 0), 0);
      context.drawImage(mapCanvas(face, { offset: 0, height, width }, bounds, v.activation), 0, 0, sourcePicture.width, sourcePicture.height);
      return;
    }
    if (!values) return;
    const columns = unitColumns(values.length);
    const rows = Math.ceil(values.length / columns);
    const padded = new Float32Array(columns * rows);
    padded.set(values);
    const bounds = makeBounds(stage.signed, stage.minimum, stage.maximum, stage.limit);
    context.drawImage(mapCanvas(padded, { offset: 0, height: rows, width: columns }, bounds, stage.signed ? v.signed : v.activation), 0, 0, sourcePicture.width, sourcePicture.height);
  }

  /** @param {UnitInspectorView} v */
  function describePhoto(v) {
    const { photo: own, input } = v.trace.header;
    fill(unitTitle, own.title);
    fill(facts, fact("as it came", `${count(own.width)} × ${count(own.height)}`), fact("network's input", shape([3, input.size, input.size])));
    fill(sourceNote);
    fill(words);
  }

  /** @param {UnitInspectorView} v @param {Stage} stage @param {Stage} source */
  function describeUnit(v, stage, source) {
    const isLogits = stage.name === "logits";
    const values = v.values ?? new Float32Array();
    const own = values[v.unit];
    fill(unitTitle, h("b", { class: "marked" }, isLogits ? v.trace.header.checkpoint.classes[v.unit] : `Unit ${v.unit}`), " ", h("span", { class: "quiet" }, v.values ? number(own) : ""));
    const rank = 1 + values.reduce((larger, value) => larger + Number(value > own), 0);
    const above = values.reduce((positive, value) => positive + Number(value > 0), 0);
    const inputs = isRectified(stage) ? 1 : source.shape.reduce((product, each) => product * each, 1);
    fill(facts, fact("rank", `${count(rank)} of ${stage.shape[0]}`), fact("inputs", String(inputs)), fact("above zero", `${count(above)} ${isLogits ? "classes" : "units"}`));
  }

  /** @param {Stage} stage @param {Stage} source */
  function describeSource(stage, source) {
    const placed = source.shape.length === 3;
    const inputs = source.shape.reduce((product, each) => product * each, 1);
    const group = groupTitle(groupOf(source.name));
    fill(sourceTitle, "What feeds it ", h("span", { class: "quiet" }, placed ? shape(source.shape) : `${source.shape[0]} units`));
    fill(sourceNote, h("b", {}, placed ? `${group} ${kindTitle(source.name)}` : group), placed ? ", mean over channels" : `, ${unitColumns(inputs)} to a row`);
    setText(words, explain(stage, source, inputs));
    sourcePicture.setAttribute("aria-label", `What feeds it: ${sourceNote.textContent ?? ""}, ${inputs} values`);
  }

  /** @param {UnitInspectorView} v */
  function paintLogits(v) {
    const { classes } = v.trace.header.checkpoint;
    const top = strongest(v.trace.logits, MOST_CLASSES);
    const words = classes.length === 10 ? "of the ten classes" : classes.length < 10 ? `of the ${classes.length} classes` : `of the top ten of ${count(classes.length)} classes`;
    fill(logitsTitle, "Logits ", h("span", { class: "quiet" }, words));
    const largest = Math.max(...top.map((unit) => Math.abs(v.trace.logits[unit])).filter(Number.isFinite), 1e-30);
    fill(
      logits,
      top.map((unit) => {
        const value = v.trace.logits[unit];
        const share = Math.min(1, Math.abs(value) / largest) * 50;
        return h(
          "div",
          { class: "logit" },
          h("span", { class: "unit-name", title: classes[unit] }, classes[unit]),
          h("span", { class: "both-ways" }, h("span", { class: value < 0 ? "below" : "above", style: `width:${share}%;${value < 0 ? "right" : "left"}:50%` })),
          h("span", { class: "bar-value" }, number(value)),
        );
      }),
    );
  }

  return {
    element,
    /** @param {import("./selection.js").View} view */
    update(view) {
      if (element.hidden) return;
      const next = gather(view);
      const side = parseFloat(getComputedStyle(element).getPropertyValue("--picture")) || 227;
      const { context } = sizeCanvas(photo, side, side);
      context.imageSmoothingEnabled = photo.width % next.trace.header.input.size !== 0;
      context.drawImage(seenCanvas(next.trace), 0, 0, photo.width, photo.height);
      photo.setAttribute("aria-label", `${next.trace.header.photo.title}, as the network sees it`);
      paintSource(next, side);
      if (next.stage && next.feeding) {
        describeUnit(next, next.stage, next.feeding.stage);
        describeSource(next.stage, next.feeding.stage);
      } else describePhoto(next);
      paintLogits(next);
    },
  };
}

/** The unit, its stage, and what it is computed from: the stage before. @param {import("./selection.js").View} view @returns {UnitInspectorView} */
function gather(view) {
  const { trace, stage, values } = view;
  const { stages } = trace.header;
  const source = stages[stages.findIndex((each) => each.name === stage?.name) - 1];
  return {
    trace,
    stage,
    unit: stage ? view.channel(stage) : 0,
    values: (stage && values.get(stage.name)) ?? null,
    feeding: source ? { stage: source, values: values.get(source.name) ?? null } : null,
    activation: view.houseTable(false),
    signed: view.houseTable(true),
  };
}

/** @param {Stage} stage @returns {boolean} a ReLU behind an fc layer: unit by unit */
function isRectified(stage) {
  return stage.name.endsWith(".relu");
}

/** @param {Stage} stage @param {Stage} source @param {number} inputs @returns {string} */
function explain(stage, source, inputs) {
  if (isRectified(stage)) return `Each unit is that of ${source.name}, with negative values set to zero.`;
  if (source.shape.length === 3) return `All ${inputs} values meet in every unit of ${stage.name}, so a unit has no place on the photo.`;
  return `${stage.name === "logits" ? "Every logit" : `Every unit of ${stage.name}`} weighs all ${inputs} units of ${groupOf(source.name)}.`;
}

/** @param {string} name @param {string} value */
function fact(name, value) {
  return h("div", {}, h("dt", {}, name), h("dd", {}, h("b", {}, value)));
}
