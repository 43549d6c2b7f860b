/** The film: one channel on every photo, photo and map side by side, one range for all. */
import { getStage, getTrace } from "../server/api.js";
import { makeBounds, mapCanvas } from "../lib/colour.js";
import { fill, h, sizeCanvas } from "../lib/dom.js";
import { number } from "../lib/format.js";
import { seenCanvas } from "../maps/network_input.js";

/** @typedef {import("../server/api.js").Trace} Trace */
/** @typedef {import("../server/api.js").Photo} Photo */
/** @typedef {{photos: Photo[], open: string, stage: string, channel: number, table: Uint32Array, subjectOf: (photo: string) => import("../server/api.js").Subject}} FilmView */

/** @param {{onPick: (photo: string) => void}} actions */
export function createFilm(actions) {
  const element = h("div", { class: "film", role: "group", "aria-label": "The selected channel on every photo" });
  /** @type {Map<string, {trace: Trace, values: Float32Array}>} by photo and subject */
  const known = new Map();
  /** @type {FilmView | null} */
  let view = null;
  let request = 0;

  /** @param {FilmView} v @param {string} photo */
  function keyOf(v, photo) {
    return JSON.stringify([v.subjectOf(photo), v.stage]);
  }

  /** One photo after the other, so that another browser's photo need not wait for all of these. @param {FilmView} v @param {number} mine */
  async function load(v, mine) {
    for (const photo of v.photos) {
      const key = keyOf(v, photo.id);
      if (known.has(key)) continue;
      try {
        const trace = await getTrace(v.subjectOf(photo.id));
        const values = await getStage(v.subjectOf(photo.id), v.stage, trace.header.checkpoint.digest);
        known.set(key, { trace, values });
        while (known.size > 64) known.delete(/** @type {string} */ (known.keys().next().value));
      } catch (error) {
        element.querySelector(`[data-photo="${photo.id}"] .note`)?.replaceChildren(/** @type {Error} */ (error).message);
      }
      if (mine !== request) return;
      if (view) paint(view);
    }
  }

  /** @param {FilmView} v */
  function build(v) {
    const ids = v.photos.map((photo) => photo.id).join();
    if (element.dataset.photos === ids) return;
    element.dataset.photos = ids;
    fill(
      element,
      v.photos.map((photo) =>
        h(
          "button",
          { class: "frame", type: "button", "data-photo": photo.id, "aria-label": `Open ${photo.title}`, onclick: () => actions.onPick(photo.id) },
          h("span", { class: "frame-pictures" }, h("canvas", { "aria-hidden": "true" }), h("canvas", { "aria-hidden": "true" })),
          h("span", { class: "frame-title" }, photo.title),
          h("span", { class: "note" }, "…"),
        ),
      ),
    );
  }

  /** @param {FilmView} v */
  function paint(v) {
    const arrived = v.photos.map((photo) => known.get(keyOf(v, photo.id)));
    const stageOf = (/** @type {{trace: Trace} | undefined} */ each) => each?.trace.header.stages.find((stage) => stage.name === v.stage);
    const size = (/** @type {{trace: Trace, values: Float32Array}} */ each) => {
      const [, height, width] = stageOf(each)?.shape ?? [0, 0, 0];
      return { height, width, offset: v.channel * height * width };
    };
    const extremes = arrived.map((each) => (each ? each.trace.statistics[v.stage].subarray(v.channel * 5, v.channel * 5 + 2) : new Float32Array([0, 0])));
    const signed = arrived.some((each) => stageOf(each)?.signed);
    const bounds = makeBounds(signed, Math.min(...extremes.map((each) => each[0])), Math.max(...extremes.map((each) => each[1])), 0);
    const side = parseFloat(getComputedStyle(element).getPropertyValue("--film")) || 108;
    [...element.children].forEach((frame, i) => {
      const each = arrived[i];
      frame.classList.toggle("on", v.photos[i].id === v.open);
      const [photo, map] = /** @type {HTMLCanvasElement[]} */ ([...frame.querySelectorAll("canvas")]);
      const photoContext = sizeCanvas(photo, side, side).context;
      const mapContext = sizeCanvas(map, side, side).context;
      if (!each) return;
      photoContext.imageSmoothingEnabled = true;
      photoContext.drawImage(seenCanvas(each.trace), 0, 0, photo.width, photo.height);
      mapContext.drawImage(mapCanvas(each.values, size(each), bounds, v.table), 0, 0, map.width, map.height);
      fill(/** @type {Element} */ (frame.querySelector(".note")), "maximum ", h("b", {}, number(extremes[i][1])));
    });
  }

  return {
    element,
    /** @param {FilmView} next */
    update(next) {
      const before = view;
      view = next;
      build(next);
      paint(next);
      if (before && keyOf(before, "") === keyOf(next, "") && before.photos.length === next.photos.length && next.photos.every((photo) => known.has(keyOf(next, photo.id)))) return;
      request += 1;
      void load(next, request);
    },
  };
}
