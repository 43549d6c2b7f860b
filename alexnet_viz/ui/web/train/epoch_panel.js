/** The epoch on the screen, large: photo, map, filter, prediction. */
import { pictureAddress } from "../server/api.js";
import { h, setText } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { createEpochFilter } from "./epoch_filter.js";
import { createEpochMap } from "./epoch_map.js";
import { createEpochPrediction } from "./epoch_prediction.js";

/** @typedef {import("./replay.js").Frame} Frame */
/**
 * @typedef {{photo: {id: string, title: string}, epoch: number | null, frame: Frame | null, about: import("./replay.js").About | null, stage: string, channel: number,
 *   bounds: import("../lib/colour.js").Bounds, table: Uint32Array, filter: number | "all", filterLimits: Float32Array, target: number, playing: boolean, canPlay: boolean}} MomentView
 */

/** @param {{onPlay: () => void, onStage: (stage: string) => void, onChannel: (channel: number) => void, onFilter: (filter: string) => void, onTarget: (target: number) => void, onOpen: () => void}} actions */
export function createEpochPanel(actions) {
  const play = h("button", { class: "play", type: "button", onclick: actions.onPlay });
  const photo = h("img", { class: "moment-picture", alt: "" });
  const photoNote = h("p", { class: "note" });
  const map = createEpochMap(actions);
  const filter = createEpochFilter(actions);
  const prediction = createEpochPrediction(actions);
  const element = h(
    "section",
    { class: "moment", "aria-label": gettext("This epoch") },
    play,
    h("figure", {}, h("h3", {}, gettext("Photo")), photo, photoNote),
    map.element,
    filter.element,
    prediction.element,
  );

  return {
    element,
    /** @param {MomentView} v */
    update(v) {
      play.disabled = !v.canPlay;
      play.setAttribute("aria-label", v.playing ? gettext("Pause") : gettext("Play"));
      play.title = v.canPlay ? "" : gettext("There is something to play after the first epoch");
      play.classList.toggle("playing", v.playing);
      const source = pictureAddress(v.photo.id, 640);
      if (photo.src !== source) photo.src = source;
      photo.alt = v.photo.title;
      setText(photoNote, gettext("as the network sees it"));
      map.update(v);
      filter.update(v);
      prediction.update(v);
    },
  };
}
