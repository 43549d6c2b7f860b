/** The channel's map on this photo, and that of a channel that is held, beside the photo with what the value sees; a click on the map moves the value. */
import { fill, h, setText } from "../lib/dom.js";
import { shape, stageTitle } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { createPicture } from "../lib/picture.js";
import { whenChanged } from "../lib/when_changed.js";
import { endsOf } from "../maps/legend.js";
import { createPixelPointer } from "../maps/pixel_pointer.js";
import { columnWidth } from "./columns.js";
import { coverWords, paintMap, paintPhoto, scaleOf } from "./photo_painting.js";

/** @typedef {import("./photo_painting.js").View} View */

const GAP = 9;
const OCCLUDED = shape([14, 14]);

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
  const map = createPicture();
  const pointer = createPixelPointer(map, {
    onPlace: (row, column, pinned) => pinned && actions.onPlace(row, column),
    onLeave: () => undefined,
  });
  const photo = createPicture();
  const heldMap = createPicture();
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
  const own = h("figure", {}, pointer.element, ownName);
  const pair = h("div", { class: "unit-pair" }, held, own, h("figure", {}, photo));
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

  /** @param {HTMLCanvasElement} canvas @param {View} v */
  const surface = (canvas, v) => ({ canvas, side: sideOf(v), style: getComputedStyle(element) });

  /** @param {View} v */
  function drawHeld(v) {
    held.hidden = v.held === null;
    setText(ownName, v.held ? gettext("channel {channel}", { channel: v.channel }) : "");
    if (!v.held) return;
    const { stage, channel } = v.held;
    const range = paintMap(surface(heldMap, v), v.held, v);
    heldMap.setAttribute(
      "aria-label",
      gettext("Held: {stage}. {map}", { stage: stageTitle(stage.name), map: heldMap.getAttribute("aria-label") ?? "" }),
    );
    setText(heldName, gettext("channel {channel}", { channel }));
    const heldRange =
      stage.name === v.stage.name
        ? gettext("held, {range}", { range })
        : gettext("held, {stage}, {range}", { stage: stageTitle(stage.name), range });
    setText(heldWords, ` ${heldRange}`);
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
      own.hidden = !hasMap;
      if (hasMap) pointer.update({ ...given, place: given.place ?? { row: 0, column: 0 } });
      drawHeld(given);
      setText(sentence, given.cover === "shown" ? coveringSentence(hasMap) : seenSentence(hasMap));
      const words = [
        hasMap ? gettext("map {range}", { range: paintMap(surface(map, given), given, given) }) : "",
        given.covered ? coverWords(given.covered) : "",
      ];
      setText(caption, words.filter(Boolean).join(" · "));
      coverButton.setAttribute("aria-pressed", String(given.cover === "shown"));
      setText(coverButton, given.cover === "shown" ? gettext("Uncover") : gettext("Cover it"));
      drawState(given);
      paintPhoto(surface(photo, given), given);
    },
  };
}
