/** All photos: one channel on every photo, photo and map side by side. */
import { getStage, getTrace } from "../server/api.js";
import { mapCanvas } from "../lib/colour.js";
import { fill, h, sizeCanvas } from "../lib/dom.js";
import { number } from "../lib/format.js";
import { gettext, gettextNodes } from "../lib/language.js";
import { crossOut } from "../lib/outline.js";
import { isFiniteChannel, maximumOf } from "../maps/statistics.js";
import { seenCanvas } from "../maps/network_input.js";

/** @typedef {import("../server/api.js").Trace} Trace */
/** @typedef {import("../server/api.js").Photo} Photo */
/**
 * @typedef {{photos: Photo[], open: string, stage: string, channel: number, table: Uint32Array,
 *   rangeOf: (traces: Trace[]) => import("./ranges.js").Range, subjectOf: (photo: string) => import("../server/api.js").Subject}} PhotoRowView
 */
/** @typedef {{trace: Trace, values: Float32Array}} Seen */

/** @param {{onPick: (photo: string) => void, onArrival: () => void}} actions `onArrival`: one more photo, and with it another range */
export function createPhotoRow(actions) {
  const element = h("div", {
    class: "film",
    role: "group",
    "aria-label": gettext("The selected channel on every photo"),
  });
  /** @type {Map<string, Seen>} by photo and subject */
  const known = new Map();
  /** @type {PhotoRowView | null} */
  let view = null;
  let request = 0;
  let isLoading = false;

  /** @param {PhotoRowView} v @param {string} photo */
  function keyOf(v, photo) {
    return JSON.stringify([v.subjectOf(photo), v.stage]);
  }

  /** @param {PhotoRowView} v @returns {(Seen | undefined)[]} by photo */
  function arrived(v) {
    return v.photos.map((photo) => known.get(keyOf(v, photo.id)));
  }

  /** One photo after the other, so that another browser's photo need not wait for all of these. @param {PhotoRowView} v @param {number} mine */
  async function load(v, mine) {
    isLoading = true;
    for (const photo of v.photos) {
      const key = keyOf(v, photo.id);
      if (known.has(key)) continue;
      try {
        const trace = await getTrace(v.subjectOf(photo.id));
        const values = await getStage(v.subjectOf(photo.id), v.stage, trace.header.checkpoint.digest);
        known.set(key, { trace, values });
        while (known.size > 64) known.delete(/** @type {string} */ (known.keys().next().value));
      } catch (error) {
        element
          .querySelector(`[data-photo="${photo.id}"] .note`)
          ?.replaceChildren(/** @type {Error} */ (error).message);
      }
      if (mine !== request) return;
      if (known.has(key)) actions.onArrival();
    }
    isLoading = false;
  }

  /** @param {PhotoRowView} v */
  function build(v) {
    const ids = v.photos.map((photo) => photo.id).join();
    if (element.dataset.photos === ids) return;
    element.dataset.photos = ids;
    fill(
      element,
      v.photos.map((photo) =>
        h(
          "button",
          { class: "frame", type: "button", "data-photo": photo.id, onclick: () => actions.onPick(photo.id) },
          h(
            "span",
            { class: "frame-pictures" },
            h("canvas", { "aria-hidden": "true" }),
            h("canvas", { "aria-hidden": "true" }),
          ),
          h("span", { class: "unseen" }, gettext("Open"), " "),
          h("span", { class: "frame-title" }, photo.title),
          h("span", { class: "note" }, "…"),
        ),
      ),
    );
  }

  /** @param {PhotoRowView} v */
  function paint(v) {
    const seen = arrived(v);
    const range = v.rangeOf(seen.flatMap((each) => (each ? [each.trace] : [])));
    const side = parseFloat(getComputedStyle(element).getPropertyValue("--film")) || 108;
    [...element.children].forEach((frame, i) => {
      frame.classList.toggle("on", v.photos[i].id === v.open);
      const [photo, map] = /** @type {HTMLCanvasElement[]} */ ([...frame.querySelectorAll("canvas")]);
      const photoContext = sizeCanvas(photo, side, side).context;
      const { context, ratio } = sizeCanvas(map, side, side);
      const each = seen[i];
      if (!each) return;
      photoContext.imageSmoothingEnabled = true;
      photoContext.drawImage(seenCanvas(each.trace), 0, 0, photo.width, photo.height);
      paintMap(context, ratio, v, each, range.of(each.trace, v.channel));
      const largest = maximumOf(each.trace.statistics[v.stage], v.channel);
      fill(
        /** @type {Element} */ (frame.querySelector(".note")),
        gettextNodes("maximum {largest}", { largest: h("b", {}, number(largest)) }),
      );
    });
  }

  /** @param {CanvasRenderingContext2D} context @param {number} ratio @param {PhotoRowView} v @param {Seen} each @param {import("../lib/colour.js").Bounds} bounds */
  function paintMap(context, ratio, v, { trace, values }, bounds) {
    const [, height, width] = trace.header.stages.find((stage) => stage.name === v.stage)?.shape ?? [0, 1, 1];
    context.clearRect(0, 0, context.canvas.width, context.canvas.height);
    context.drawImage(
      mapCanvas(values, { offset: v.channel * height * width, height, width }, bounds, v.table),
      0,
      0,
      context.canvas.width,
      context.canvas.height,
    );
    if (!isFiniteChannel(trace.statistics[v.stage], v.channel))
      crossOut(context, ratio, getComputedStyle(element).getPropertyValue("--bad"));
  }

  return {
    element,
    /** Of the photos whose maps are drawn. @returns {Trace[]} */
    get traces() {
      return view ? arrived(view).flatMap((each) => (each ? [each.trace] : [])) : [];
    },
    /** The row as one picture, as it stands on the screen. */
    picture() {
      return pictureOf(element);
    },
    /** @param {PhotoRowView} next */
    update(next) {
      const isSame =
        view !== null &&
        keyOf(view, "") === keyOf(next, "") &&
        view.photos.map((photo) => photo.id).join() === next.photos.map((photo) => photo.id).join();
      view = next;
      build(next);
      paint(next);
      if (isSame && (isLoading || arrived(next).every(Boolean))) return;
      request += 1;
      void load(next, request);
    },
    destroy() {
      request += 1;
    },
  };
}

/** Photos, maps and what stands under them, copied onto one canvas in four columns. @param {HTMLElement} element @returns {HTMLCanvasElement} */
function pictureOf(element) {
  const [columns, gap, line] = [4, 20, 20];
  const frames = [...element.children];
  const side = frames[0]?.querySelector("canvas")?.width ?? 1;
  const [across, down] = [2 * side + 2 + gap, side + 2 * line + gap];
  const canvas = h("canvas");
  [canvas.width, canvas.height] = [columns * across - gap, Math.ceil(frames.length / columns) * down - gap];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const styles = getComputedStyle(element);
  context.font = `13px ${styles.fontFamily}`;
  context.fillStyle = styles.getPropertyValue("--ink");
  context.textBaseline = "top";
  frames.forEach((frame, i) => {
    const [x, y] = [(i % columns) * across, Math.floor(i / columns) * down];
    [...frame.querySelectorAll("canvas")].forEach((picture, second) =>
      context.drawImage(picture, x + second * (side + 2), y),
    );
    [...frame.querySelectorAll(".frame-title, .note")].forEach((words, second) =>
      context.fillText(words.textContent ?? "", x, y + side + 4 + second * line, 2 * side),
    );
  });
  return canvas;
}
