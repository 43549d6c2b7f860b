/** What excites the channel: nine image parts beside their images, the middle and the silent end. */
import { fill, h } from "../lib/dom.js";
import { count, duration, number, shape } from "../lib/format.js";
import { gettext, ngettext } from "../lib/language.js";
import { address } from "../server/api.js";
import { isAlive } from "./job.js";
import { partsTitle } from "./nouns.js";

/** @typedef {{image: number, row: number, column: number, value: number, box: [number, number, number, number]}} Part */
/** @typedef {import("./job.js").JobState & {images?: number, title?: string, field?: number, strongest?: Part[], middle?: Part[], silent?: Part[], classes?: {class: string, mean: number | null, deviation: number | null}[], selectivity?: number | null}} Found */
/** @typedef {import("../server/api.js").TraceHeader["input"]} Input */
/** @typedef {{found: Found | null, data: string, input: Input, noun: import("./nouns.js").Noun}} View input: of the network */

/** @param {{onStart: () => void, onCancel: () => void}} actions */
export function createPartsPanel(actions) {
  const element = h("section", { class: "unit-parts", "aria-label": gettext("Image parts") });
  let drawn = "";

  /** @param {View} view */
  function update({ found, data, input, noun }) {
    const key = JSON.stringify([found, data, input.size, noun]);
    if (key === drawn) return;
    drawn = key;
    const head = h("h3", {}, partsTitle(noun));
    if (found?.state !== "done" || !found.strongest) return fill(element, head, waiting(found));
    const few = (/** @type {string} */ title, /** @type {Part[]} */ parts) =>
      h(
        "div",
        { class: "unit-few" },
        h("span", { class: "note" }, title),
        parts.map((part) => cut(part, data, input, 38)),
      );
    fill(
      element,
      head,
      h("p", { class: "sentence" }, told(found, noun)),
      found.strongest.length
        ? h(
            "div",
            { class: "unit-nine" },
            found.strongest.map((part) =>
              h(
                "figure",
                {},
                h("div", { class: "unit-part" }, cut(part, data, input, 164), whole(part, data, input)),
                h("figcaption", {}, number(part.value)),
              ),
            ),
          )
        : h("p", {}, gettext("No response is a number.")),
      few(gettext("From the middle of its range"), found.middle ?? []),
      few(gettext("That leave it silent"), found.silent ?? []),
    );
  }

  /** @param {Found | null} found null before the server has said whether it knows them: nothing is offered yet */
  function waiting(found) {
    if (!found) return null;
    if (isAlive(found)) return searchProgress(found, () => actions.onCancel());
    const sentence =
      found.message || found.lost || gettext("One pass finds the parts for every channel of every stage.");
    return h(
      "div",
      { class: "unit-search" },
      h("p", { class: "sentence" }, sentence),
      h("button", { class: "button primary", type: "button", onclick: () => actions.onStart() }, gettext("Search")),
    );
  }

  return { element, update };
}

/** How far a search is. @param {Found} found @param {() => void} onCancel */
export function searchProgress({ id, state, before = 0, total = 1, done = 0, seconds_left: left }, onCancel) {
  const queued = ngettext("{before} search is before yours.", "{before} searches are before yours.", before, {
    before,
  });
  const values = { total: count(total), done: count(done) };
  const running = left
    ? gettext("Searching {total} images, {done} so far, about {left}.", { ...values, left: duration(left) })
    : gettext("Searching {total} images, {done} so far.", values);
  const words = state === "waiting" && before ? queued : running;
  return h(
    "div",
    { class: "unit-search", role: "status" },
    h("progress", { max: total, value: done, "aria-label": gettext("Images searched") }),
    h("span", {}, words),
    id === undefined ? null : h("button", { class: "button", type: "button", onclick: onCancel }, gettext("Cancel")),
  );
}

/** @param {Found} found @param {View["noun"]} noun @returns {string} */
function told({ images = 0, title = "", field = 0 }, noun) {
  const values = { images: count(images), title, field: shape([field, field]) };
  return noun === "channel"
    ? gettext("Each part is one receptive field, {field} px, out of {images} {title}. They are not classes.", values)
    : gettext("It sees whole images, out of {images} {title}. They are not classes.", values);
}

/** @param {Part} part @param {string} data @returns {HTMLImageElement} */
function picture(part, data) {
  const image = new Image();
  image.src = address(`comparison/data/${data}/${part.image}.png`).href;
  return image;
}

/**
 * Where a part lies on its image, as shares of the image: a network that cuts sees the middle of it only.
 * @param {Part["box"]} box in pixels of the input @param {Pick<Input, "size" | "resize" | "short_side">} input
 */
export function partOf([top, left, bottom, right], { size, resize, short_side: short }) {
  const whole = resize === "crop" ? (short ?? size) : size;
  const share = (/** @type {number} */ pixel) => (pixel + (whole - size) / 2) / whole;
  return { top: share(top), left: share(left), bottom: share(bottom), right: share(right) };
}

/** The part alone. @param {Part} part @param {string} data @param {Input} input @param {number} side CSS pixels */
function cut(part, data, input, side) {
  const [top, left, bottom, right] = part.box;
  const values = { image: part.image, value: number(part.value) };
  const label = gettext("Part of image {image}, rows {top} to {bottom}, columns {left} to {right}: {value}", {
    ...values,
    top,
    bottom: bottom - 1,
    left,
    right: right - 1,
  });
  const canvas = h("canvas", {
    role: "img",
    width: 2 * side,
    height: 2 * side,
    style: `width:${side}px;height:${side}px`,
    "aria-label": label,
    title: gettext("image {image}: {value}", values),
  });
  const image = picture(part, data);
  image.onload = () => {
    const { naturalWidth: n } = image;
    const from = partOf(part.box, input);
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const longest = Math.max(bottom - top, right - left); // clipped at the border it is no square
    const [width, height] = [(canvas.width * (right - left)) / longest, (canvas.height * (bottom - top)) / longest];
    context.drawImage(
      image,
      from.left * n,
      from.top * n,
      (from.right - from.left) * n,
      (from.bottom - from.top) * n,
      (canvas.width - width) / 2,
      (canvas.height - height) / 2,
      width,
      height,
    );
  };
  return canvas;
}

/** The whole image with the part's outline. @param {Part} part @param {string} data @param {Input} input */
function whole(part, data, input) {
  const { top, left, bottom, right } = partOf(part.box, input);
  const image = picture(part, data);
  image.alt = gettext("Image {image}", { image: part.image });
  return h(
    "span",
    { class: "unit-whole" },
    image,
    h("i", {
      style: `top:${100 * top}%;left:${100 * left}%;width:${100 * (right - left)}%;height:${100 * (bottom - top)}%`,
    }),
  );
}
