/** The channel's map on this photo, and that of a channel that is held, beside the photo with what the value sees; a click on the map moves the value. */
import { makeBounds, makeTable, mapCanvas, rampAnchors } from "../lib/colour.js";
import { fill, h, setText, sizeCanvas } from "../lib/dom.js";
import { numbers, shape, stageTitle } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { crossOut, DIM_FROM, outline } from "../lib/outline.js";
import { whenChanged } from "../lib/when_changed.js";
import { endsOf } from "../maps/legend.js";
import { seenCanvas } from "../maps/network_input.js";
import { createPixelPointer } from "../maps/pixel_pointer.js";
import { fieldOf } from "../maps/receptive_field.js";
import { tokens } from "../shell/theme.js";
import { columnWidth } from "./columns.js";
import { extremes, occlusionCanvas } from "./occlusion_picture.js";

/** @typedef {{stage: import("../server/api.js").Stage, values: Float32Array, channel: number}} Map */
/**
 * @typedef {Map & {trace: import("../server/api.js").Trace, held: Map | null, place: {row: number, column: number} | null, theme: "light" | "dark",
 *   cover: string, covered: Covered | null, isAsking: boolean, isCancelled: boolean}} View cover: "shown" where covering is asked for
 */
/** @typedef {{side: number, passes: number, values: Float32Array}} Covered */

const GAP = 9;
const OCCLUDED = shape([14, 14]);

/** @param {Covered} covered @returns {string} */
function coverWords({ values }) {
  const { lowers, raises } = extremes(values);
  const [lowered, raised] = numbers([lowers, raises]);
  return gettext("ochre lowers the value, by up to {lowers}, blue raises it, by up to {raises}", {
    lowers: lowered,
    raises: raised,
  });
}

/** @param {boolean} hasMap */
const seenSentence = (hasMap) =>
  hasMap
    ? gettext("Its map, and what the value sees.")
    : gettext("A unit of this stage has no map: it sees the whole photo.");

/** @param {boolean} hasMap @returns {string} */
function coveringSentence(hasMap) {
  const side = OCCLUDED;
  return hasMap
    ? gettext("Its map, and where covering {side} px changes the value.", { side })
    : gettext(
        "A unit of this stage has no map: it sees the whole photo, and where covering {side} px changes the value.",
        { side },
      );
}

/** @param {{onPlace: (row: number, column: number) => void, onHeld: () => void, onCover: (cover: string) => void, onCancel: () => void, onAgain: () => void}} actions */
export function createPhotoPanel(actions) {
  const map = h("canvas", { role: "img" });
  const pointer = createPixelPointer(map, {
    onPlace: (row, column, pinned) => pinned && actions.onPlace(row, column),
    onLeave: () => undefined,
  });
  const photo = h("canvas", { role: "img" });
  const heldMap = h("canvas", { role: "img" });
  const heldName = h("button", {
    class: "link",
    type: "button",
    title: gettext("Open its page"),
    onclick: () => actions.onHeld(),
  });
  const heldWords = h("span", { class: "note" });
  const held = h("figure", { hidden: true }, heldMap, h("figcaption", {}, heldName, heldWords));
  const ownName = h("figcaption", { class: "note" });
  const caption = h("p", { class: "note" });
  const pair = h(
    "div",
    { class: "unit-pair" },
    held,
    h("figure", {}, pointer.element, ownName),
    h("figure", {}, photo),
  );
  const sentence = h("p", { class: "sentence" });
  const coverButton = h(
    "button",
    {
      class: "link",
      type: "button",
      "aria-pressed": "false",
      onclick: () => actions.onCover(view?.cover === "shown" ? "" : "shown"),
    },
    gettext("Cover it"),
  );
  const state = h("p", { class: "note", role: "status" });
  const element = h(
    "section",
    { "aria-label": gettext("On this photo") },
    h("div", { class: "title-row" }, h("h3", {}, gettext("On this photo")), coverButton),
    sentence,
    pair,
    caption,
    state,
  );
  /** @type {View | null} */
  let view = null;

  /** A picture's side: presenter mode says its own. @param {View} v */
  const sideOf = ({ held: isHeld }) =>
    parseFloat(getComputedStyle(pair).getPropertyValue("--unit-picture")) ||
    Math.floor((columnWidth(element, "--unit-third") - (isHeld ? 2 : 1) * GAP) / (isHeld ? 3 : 2));

  /** Colours and bounds of a map, zero among its values. @param {Map} shown @param {View["theme"]} theme */
  function scaleOf({ stage, values, channel }, theme) {
    const size = stage.shape[1] * stage.shape[2];
    const own = values.subarray(channel * size, (channel + 1) * size).filter(Number.isFinite);
    const [low, high] = [Math.min(0, ...own), Math.max(0, ...own)];
    return {
      low,
      high,
      isFinite: own.length === size,
      bounds: makeBounds(stage.signed, low, high, Math.max(-low, high)),
      table: makeTable(rampAnchors(tokens, "house", theme, stage.signed), 1, stage.signed),
    };
  }

  /** @param {HTMLCanvasElement} canvas @param {Map} shown @param {View} v @returns {string} from 0 to 9.86 */
  function paintMap(canvas, { stage, values, channel }, v) {
    const [, height, width] = stage.shape;
    const { low, high, isFinite, bounds, table } = scaleOf({ stage, values, channel }, v.theme);
    const painted = mapCanvas(values, { offset: channel * height * width, height, width }, bounds, table);
    const side = sideOf(v);
    const { context, ratio } = sizeCanvas(canvas, side, side);
    context.drawImage(painted, 0, 0, canvas.width, canvas.height);
    if (!isFinite) crossOut(context, 1.5 * ratio, getComputedStyle(element).getPropertyValue("--bad"));
    const cell = side / width;
    const isPlaced = v.place && stage.name === v.stage.name; // the same place of another stage is another part of the photo
    if (v.place && isPlaced)
      outline(
        context,
        ratio,
        { x: v.place.column * cell - 1, y: v.place.row * cell - 1, width: cell + 2, height: cell + 2 },
        false,
        getComputedStyle(element),
      );
    const [lowest, highest] = numbers([low, high]);
    const range = { low: lowest, high: highest };
    canvas.setAttribute(
      "aria-label",
      gettext("Map of channel {channel}, {height} × {width} values from {low} to {high}", {
        channel,
        height,
        width,
        ...range,
      }),
    );
    return gettext("{low} to {high}", range);
  }

  /** @param {View} v */
  function drawHeld(v) {
    held.hidden = v.held === null;
    setText(ownName, v.held ? gettext("channel {channel}", { channel: v.channel }) : "");
    if (!v.held) return;
    const { stage, channel } = v.held;
    const range = paintMap(heldMap, v.held, v);
    heldMap.setAttribute(
      "aria-label",
      gettext("Held: {stage}. {map}", { stage: stageTitle(stage.name), map: heldMap.getAttribute("aria-label") ?? "" }),
    );
    setText(heldName, gettext("channel {channel}", { channel }));
    const told =
      stage.name === v.stage.name
        ? gettext("held, {range}", { range })
        : gettext("held, {stage}, {range}", { stage: stageTitle(stage.name), range });
    setText(heldWords, ` ${told}`);
  }

  /** @param {View} v */
  function paintPhoto(v) {
    const size = v.trace.header.input.size;
    const side = sideOf(v);
    const { context, ratio } = sizeCanvas(photo, side, side);
    context.imageSmoothingEnabled = true;
    context.drawImage(
      v.covered ? occlusionCanvas(v.trace, v.covered.values, v.theme) : seenCanvas(v.trace),
      0,
      0,
      photo.width,
      photo.height,
    );
    photo.setAttribute(
      "aria-label",
      `${v.trace.header.photo.title}, ${v.covered ? coverWords(v.covered) : gettext("as the network sees it")}`,
    );
    if (!v.place) return;
    const { seen } = fieldOf(v.stage, v.place.row, v.place.column, size);
    const scale = side / size;
    outline(
      context,
      ratio,
      {
        x: seen.left * scale,
        y: seen.top * scale,
        width: (seen.right - seen.left + 1) * scale,
        height: (seen.bottom - seen.top + 1) * scale,
      },
      v.stage.field >= DIM_FROM && !v.covered,
      getComputedStyle(element),
    );
  }

  const drawState = whenChanged(
    (/** @type {View} */ v) => [v.isAsking, v.isCancelled],
    ({ isAsking, isCancelled }) => {
      const link = (/** @type {string} */ text, /** @type {() => void} */ onclick) =>
        h("button", { class: "link", type: "button", onclick }, text);
      if (isAsking)
        fill(
          state,
          gettext("Covering square by square, some seconds."),
          " ",
          link(gettext("Cancel"), actions.onCancel),
        );
      else if (isCancelled) fill(state, gettext("Cancelled."), " ", link(gettext("Go on"), actions.onAgain));
      else fill(state);
    },
  );

  return {
    element,
    pair,
    /** Colours and ends of the map. @type {() => [Uint32Array, [string, string]] | null} null where there is no map */
    legend: () => {
      if (view?.stage.shape.length !== 3) return null;
      const { bounds, table } = scaleOf(view, view.theme);
      return [table, endsOf(bounds)];
    },
    /** @param {View} given */
    update(given) {
      view = given;
      const hasMap = given.stage.shape.length === 3;
      pointer.element.hidden = ownName.hidden = !hasMap;
      if (hasMap) pointer.update({ ...given, place: given.place ?? { row: 0, column: 0 } });
      drawHeld(given);
      setText(sentence, given.cover === "shown" ? coveringSentence(hasMap) : seenSentence(hasMap));
      const words = [
        hasMap ? gettext("map {range}", { range: paintMap(map, given, given) }) : "",
        given.covered ? coverWords(given.covered) : "",
      ];
      setText(caption, words.filter(Boolean).join(" · "));
      coverButton.setAttribute("aria-pressed", String(given.cover === "shown"));
      setText(coverButton, given.cover === "shown" ? gettext("Uncover") : gettext("Cover it"));
      drawState(given);
      paintPhoto(given);
    },
  };
}
