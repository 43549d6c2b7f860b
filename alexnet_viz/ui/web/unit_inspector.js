/** Beside fc1, fc2, the logits and the photo: the photo seen whole, what feeds a unit, the logits. */
import { makeBounds, mapCanvas } from "./colour.js";
import { fill, h, setText, sizeCanvas } from "./dom.js";
import { count, groupOf, groupTitle, kindTitle, number, shape } from "./format.js";
import { seenCanvas, strongest } from "./strip.js";

/** @typedef {import("./api.js").Trace} Trace */
/** @typedef {import("./api.js").Stage} Stage */
/** @typedef {{trace: Trace, stage: Stage | null, unit: number, values: Float32Array | null, feeding: {stage: Stage, values: Float32Array | null} | null, activation: Uint32Array, signed: Uint32Array}} UnitInspectorView */

const MOST_CLASSES = 10;

export function createUnitInspector() {
  const photo = h("canvas", { class: "picture seen-whole", role: "img" });
  const source = h("canvas", { class: "picture", role: "img" });
  const sourceTitle = h("h3", {});
  const unitTitle = h("h3", {});
  const facts = h("dl", { class: "facts" });
  const sourceNote = h("h3", { class: "plain" });
  const words = h("p", { class: "sentence" });
  const logitsTitle = h("h3", {});
  const logits = h("div", { class: "logits" });
  const element = h(
    "section",
    { class: "inspector", "aria-label": "Inspector" },
    h("div", { class: "pair titles" }, h("h3", {}, "Photo ", h("span", { class: "quiet" }, "seen whole")), sourceTitle),
    h("div", { class: "pictures" }, photo, source),
    h("div", { class: "pair details short" }, h("div", {}, unitTitle, facts), h("div", {}, sourceNote, words)),
    h("div", { class: "column-cut" }, logitsTitle, logits),
  );

  /** @param {UnitInspectorView} v @param {number} side */
  function paintSource(v, side) {
    const { context } = sizeCanvas(source, side, side);
    source.style.visibility = sourceTitle.style.visibility = v.feeding ? "visible" : "hidden";
    if (!v.feeding) return;
    const { stage, values } = v.feeding;
    if (stage.shape.length === 3) {
      const [, height, width] = stage.shape;
      const face = v.trace.faces[stage.name];
      const bounds = makeBounds(false, 0, face.reduce((most, value) => Math.max(most, value), 0), 0);
      context.drawImage(mapCanvas(face, { offset: 0, height, width }, bounds, v.activation), 0, 0, source.width, source.height);
      return;
    }
    if (!values) return;
    const columns = Math.ceil(Math.sqrt(values.length));
    const padded = new Float32Array(columns * columns);
    padded.set(values);
    const bounds = makeBounds(stage.signed, stage.minimum, stage.maximum, stage.limit);
    context.drawImage(mapCanvas(padded, { offset: 0, height: columns, width: columns }, bounds, stage.signed ? v.signed : v.activation), 0, 0, source.width, source.height);
  }

  /** @param {UnitInspectorView} v */
  function describe(v) {
    const { stage, values, feeding } = v;
    if (!stage || !feeding) {
      const { photo: own, input } = v.trace.header;
      fill(unitTitle, own.title);
      fill(facts, fact("as it came", `${count(own.width)} × ${count(own.height)}`), fact("network's input", shape([3, input.size, input.size])));
      fill(sourceNote);
      fill(words);
      return;
    }
    const isLogits = stage.name === "logits";
    const name = isLogits ? v.trace.header.checkpoint.classes[v.unit] : `Unit ${v.unit}`;
    fill(unitTitle, h("b", { class: "marked" }, name), " ", h("span", { class: "quiet" }, values ? number(values[v.unit]) : ""));
    const inputs = feeding.stage.shape.reduce((product, each) => product * each, 1);
    let [rank, above] = [1, 0];
    for (const value of values ?? []) {
      if (values && value > values[v.unit]) rank += 1;
      if (value > 0) above += 1;
    }
    fill(facts, fact("rank", `${count(rank)} of ${stage.shape[0]}`), fact("inputs", String(inputs)), fact("above zero", `${count(above)} ${isLogits ? "classes" : "units"}`));
    const placed = feeding.stage.shape.length === 3;
    fill(sourceTitle, "What feeds it ", h("span", { class: "quiet" }, placed ? shape(feeding.stage.shape) : `${feeding.stage.shape[0]} units`));
    const group = groupTitle(groupOf(feeding.stage.name));
    fill(sourceNote, h("b", {}, placed ? `${group} ${kindTitle(feeding.stage.name)}` : group), placed ? ", mean over channels" : `, ${Math.ceil(Math.sqrt(inputs))} to a row`);
    setText(words, placed ? `All ${inputs} values meet in every unit of ${stage.name}, so a unit has no place on the photo.` : `Every unit of ${stage.name} weighs all ${inputs} units of ${groupOf(feeding.stage.name)}.`);
    source.setAttribute("aria-label", `${sourceTitle.textContent ?? ""}: ${sourceNote.textContent ?? ""}`);
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
    /** @param {UnitInspectorView} next */
    update(next) {
      if (element.hidden) return;
      const side = parseFloat(getComputedStyle(element).getPropertyValue("--picture")) || 227;
      const { context } = sizeCanvas(photo, side, side);
      context.imageSmoothingEnabled = photo.width % next.trace.header.input.size !== 0;
      context.drawImage(seenCanvas(next.trace), 0, 0, photo.width, photo.height);
      photo.setAttribute("aria-label", `${next.trace.header.photo.title}, as the network sees it`);
      paintSource(next, side);
      describe(next);
      paintLogits(next);
    },
  };
}

/** @param {string} name @param {string} value */
function fact(name, value) {
  return h("div", {}, h("dt", {}, name), h("dd", {}, h("b", {}, value)));
}
