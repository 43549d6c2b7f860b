/** The first column: the map over the photo, its legend, and the value under the pointer. */
import { rgb } from "../lib/colour.js";
import { createSpeaker, fill, h, setText } from "../lib/dom.js";
import { computed, numbers, stageTitle } from "../lib/format.js";
import { gettext, gettextNodes } from "../lib/language.js";
import { createSegments } from "../lib/segments.js";
import { legendBar, legendOf } from "../maps/legend.js";
import { houseTable, tokens } from "../shell/theme.js";
import { seenCanvas } from "../maps/network_input.js";
import { evidencePicture, largestOf } from "./evidence_picture.js";
import { methodOf, squareStarts } from "./words.js";

/** @typedef {import("../server/explanations.js").Explanation} Explanation */
/** @typedef {{found: Explanation | null, trace: import("../server/api.js").Trace, look: string, opacity: number, theme: "light" | "dark"}} MapView */

/** @param {MapView} v @param {Float32Array} values */
export function paintedMap(v, values) {
  const { found, trace, look, opacity, theme } = v;
  const { size } = trace.header.input;
  if (!found) return seenCanvas(trace);
  const { signed } = methodOf(found.method);
  const table = houseTable(theme, signed);
  return evidencePicture({
    values,
    seen: trace.seen,
    size,
    largest: largestOf(values),
    table,
    signed,
    isAlone: look === "alone",
    opacity,
    ground: rgb(tokens.colour[theme].page),
  });
}

/** What a map answers: the same before and after it has been judged. @param {Explanation | null} found */
function questionOf(found) {
  return (
    found &&
    [found.checkpoint, found.method, found.target, found.versus, found.stage, found.minimum, found.maximum].join()
  );
}

/** Which class a value speaks for, or against. @param {Explanation} found @param {string[]} classes @param {{row: number, column: number}} at @param {number} value */
function saidOf({ method, target, versus }, classes, { row, column }, value) {
  const place = { row, column, value: h("b", { class: "marked" }, computed(value)) };
  const isFor = !methodOf(method).signed || value >= 0;
  if (value === 0) return gettextNodes("Row {row}, column {column}: {value}", place);
  if (!isFor && versus === null)
    return gettextNodes("Row {row}, column {column}: {value} against {name}", { ...place, name: classes[target] });
  return gettextNodes("Row {row}, column {column}: {value} for {name}", {
    ...place,
    name: classes[isFor || versus === null ? target : versus],
  });
}

/** The two classes, or values, that the ends of the legend stand for. @param {MapView} v @param {Explanation} found */
function legendParts({ theme, trace }, found) {
  const { classes } = trace.header.checkpoint;
  const { signed } = methodOf(found.method);
  const largest = largestOf(found.values);
  const low = found.versus === null ? gettext("against") : classes[found.versus];
  const [lowest, highest] = numbers([-largest, largest]);
  return [
    signed ? h("span", {}, `${low} `, h("span", { class: "quiet" }, lowest)) : h("span", { class: "quiet" }, "0"),
    legendBar(houseTable(theme, signed), 96, 10),
    h("span", {}, h("span", { class: "quiet" }, highest), ` ${classes[found.target]}`),
  ];
}

/** The map for those who do not see it. @param {MapView} v @param {Explanation | null} found */
function describe({ trace }, found) {
  if (!found) return gettext("The photo, no map yet");
  const [low, high] = numbers([found.minimum, found.maximum]);
  const target = trace.header.checkpoint.classes[found.target];
  return gettext("{method} for {target}, from {low} to {high}", {
    method: methodOf(found.method).text,
    target,
    low,
    high,
  });
}

/** How many places the map has, and what one of them speaks for. @param {MapView} v @param {Explanation} found */
function resolutionWords({ trace }, found) {
  const field = trace.header.stages.find(({ name }) => name === found.stage)?.field;
  return field
    ? gettext(
        "Squares stand at the centre of their receptive fields of {field} × {field} px and speak for more than they cover. Not interpolated.",
        { field },
      )
    : gettext("Computed at {size} places, shown by pixel.", { size: found.computed_at.join(" × ") });
}

/**
 * @param {(look: string) => void} onLook @param {(percent: string) => void} onOpacity
 * @param {Node} stage where Grad-CAM looks @param {Node} waiting what is being computed @param {() => void} onPoint another place is pointed at
 */
export function createMapPanel(onLook, onOpacity, stage, waiting, onPoint) {
  const heading = h("h3", {}, gettext("Photo"));
  const looks = createSegments(
    gettext("How the map is shown"),
    [
      { value: "over", text: gettext("over the photo") },
      { value: "alone", text: gettext("alone") },
    ],
    onLook,
  );
  const picture = h("canvas", { class: "why-map", role: "img", tabindex: "0", "aria-label": gettext("No photo yet") });
  const mark = h("div", { class: "why-mark", hidden: true });
  const frame = h("div", { class: "why-frame" }, picture, mark);
  const stale = h("div", { class: "stale-note", hidden: true }, gettext("out of date, computing"));
  frame.append(stale);
  const ends = h("div", { class: "row" });
  const slider = h("input", {
    type: "range",
    min: "0",
    max: "100",
    step: "5",
    "aria-label": gettext("opacity of the map"),
    oninput: () => onOpacity(slider.value),
  });
  const opacityField = h("label", { class: "why-opacity" }, `${gettext("opacity")} `, slider);
  const legend = h("div", { class: "why-legend" }, ends, opacityField);
  const readout = h("p", { class: "why-readout" });
  const note = h("p", { class: "note" });
  const speaker = createSpeaker();
  const element = h(
    "section",
    { class: "why-column why-first", "aria-label": gettext("The map") },
    h("div", { class: "title-row why-head" }, heading, looks.element),
    frame,
    legend,
    h("div", { class: "title-row why-pointed" }, readout, stage),
    note,
    waiting,
    speaker.element,
  );
  /** @type {MapView | null} */
  let view = null;
  let at = { row: 0, column: 0 };

  /** @returns {number[]} where each row of values begins, in pixels */
  function starts() {
    const size = view?.trace.header.input.size ?? 1;
    return view?.found?.squares ? squareStarts(view.found.squares) : Array.from({ length: size }, (_, i) => i);
  }

  function point() {
    const found = view?.found;
    if (!view || !found) return;
    const edges = starts();
    const { size } = view.trace.header.input;
    const [top, left] = [edges[at.row], edges[at.column]];
    const [bottom, right] = [edges[at.row + 1] ?? size, edges[at.column + 1] ?? size];
    for (const [side, value] of Object.entries({ top, left, width: right - left, height: bottom - top }))
      mark.style.setProperty(side, `${(100 * value) / size}%`);
    mark.hidden = false;
    const value = found.values[top * size + left];
    fill(readout, saidOf(found, view.trace.header.checkpoint.classes, at, value));
    speaker.say(readout.textContent ?? "");
    onPoint();
  }

  picture.addEventListener("pointermove", (event) => {
    const area = picture.getBoundingClientRect();
    const size = view?.trace.header.input.size ?? 1;
    const edges = starts();
    const index = (/** @type {number} */ share) => Math.max(0, edges.filter((edge) => edge <= share * size).length - 1);
    at = {
      row: index((event.clientY - area.top) / area.height),
      column: index((event.clientX - area.left) / area.width),
    };
    point();
  });
  picture.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!step) return;
    event.preventDefault();
    const last = starts().length - 1;
    at = {
      row: Math.max(0, Math.min(last, at.row + step[0])),
      column: Math.max(0, Math.min(last, at.column + step[1])),
    };
    point();
  });

  /** @param {Explanation | null} found */
  function forget(found) {
    [mark.hidden, at] = [true, { row: 0, column: 0 }];
    setText(readout, found ? gettext("Point, or walk with the arrow keys.") : "");
  }

  /** @param {MapView} v @param {Explanation | null} found */
  function drawTexts(v, found) {
    const title = found?.stage ? stageTitle(found.stage) : found ? methodOf(found.method).text : gettext("Photo");
    fill(heading, title, " ", h("span", { class: "light" }, found?.computed_at.join(" × ")));
    picture.setAttribute("aria-label", describe(v, found));
    if (!found) return;
    fill(ends, legendParts(v, found));
    setText(note, resolutionWords(v, found));
  }

  return {
    element,
    /** @param {MapView} v @param {boolean} isStale whether the map answers another question than the one that is asked */
    update(v, isStale) {
      frame.classList.toggle("stale", isStale);
      stale.hidden = !isStale;
      opacityField.hidden = v.look === "alone";
      slider.value = String(Math.round(v.opacity * 100));
      const isOther = questionOf(view?.found ?? null) !== questionOf(v.found);
      view = v;
      looks.update(v.look);
      const found = v.found;
      const size = v.trace.header.input.size;
      const painted = paintedMap(v, found?.values ?? new Float32Array());
      [picture.width, picture.height] = [size, size];
      picture.getContext("2d")?.drawImage(painted, 0, 0);
      legend.hidden = readout.hidden = note.hidden = !found;
      if (isOther) forget(found);
      drawTexts(v, found);
      if (!mark.hidden) point();
    },
    /** @returns {HTMLCanvasElement} */
    picture: () => picture,
    /** The map with the mark of what is pointed at, and what presenter mode says beside it. */
    frame,
    pointed: () => (mark.hidden ? "" : (readout.textContent ?? "")),
    /** @param {Explanation} found @param {"light" | "dark"} theme */
    legendOf(found, theme) {
      const { signed } = methodOf(found.method);
      const largest = largestOf(found.values);
      const [lowest, highest] = numbers([signed ? -largest : 0, largest]);
      return legendOf(houseTable(theme, signed), [lowest, highest]);
    },
  };
}
