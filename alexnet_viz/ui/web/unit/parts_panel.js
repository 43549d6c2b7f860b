/** What excites the channel: nine image parts beside their images, the middle and the silent end. */
import { fill, h } from "../lib/dom.js";
import { count, duration, number, shape } from "../lib/format.js";
import { address } from "../server/api.js";

/** @typedef {{image: number, row: number, column: number, value: number, box: [number, number, number, number]}} Part */
/** @typedef {{state: string, id?: string, done?: number, total?: number, before?: number, seconds_left?: number | null, message?: string, images?: number, title?: string, field?: number, strongest?: Part[], middle?: Part[], silent?: Part[], classes?: {class: string, mean: number, deviation: number}[], selectivity?: number | null}} Found */
/** @typedef {{found: Found | null, data: string, size: number, noun: string}} View size: side of the network's input; noun: "channel", "unit" or "class" */

/** @param {{onStart: () => void, onCancel: () => void}} actions */
export function createPartsPanel(actions) {
  const element = h("section", { class: "unit-parts", "aria-label": "Image parts" });

  /** @param {View} view */
  function update({ found, data, size, noun }) {
    const head = h("h3", {}, `Image parts that excite this ${noun} most`);
    if (found?.state !== "done" || !found.strongest) return fill(element, head, waiting(found));
    const part = noun === "channel" ? `Each part is one receptive field, ${shape([found.field ?? 0, found.field ?? 0])} px` : "It sees whole images";
    const told = `${part}, out of ${count(found.images ?? 0)} ${found.title}. They are not classes.`;
    const few = (/** @type {string} */ title, /** @type {Part[]} */ parts) => h("div", { class: "unit-few" }, h("span", { class: "note" }, title), parts.map((part) => cut(part, data, size, 38)));
    fill(
      element, head, h("p", { class: "sentence" }, told),
      found.strongest.length ? h("div", { class: "unit-nine" }, found.strongest.map((part) => h("figure", {}, h("div", { class: "unit-part" }, cut(part, data, size, 120), whole(part, data, size)), h("figcaption", {}, number(part.value))))) : h("p", {}, "No response is a number."),
      few("From the middle of its range", found.middle ?? []), few("That leave it silent", found.silent ?? []),
    );
  }

  /** @param {Found | null} found */
  function waiting(found) {
    if (found?.state === "waiting" || found?.state === "running") return progress(found);
    const said = found?.message || "One pass finds the parts for every channel of every stage.";
    return h("div", { class: "unit-search" }, h("p", { class: "sentence" }, said), h("button", { class: "button primary", type: "button", onclick: () => actions.onStart() }, "Search"));
  }

  /** @param {Found} found */
  function progress({ state, before = 0, total = 1, done = 0, seconds_left: left }) {
    const queued = `${before} ${before === 1 ? "search is" : "searches are"} before yours.`;
    const running = `Searching ${count(total)} images, ${count(done)} so far${left ? `, about ${duration(left)}` : ""}.`;
    const words = state === "waiting" && before ? queued : running;
    return h("div", { class: "unit-search", role: "status" }, h("progress", { max: total, value: done, "aria-label": "Images searched" }), h("span", {}, words), h("button", { class: "button", type: "button", onclick: () => actions.onCancel() }, "Cancel"));
  }

  return { element, update };
}

/** @param {Part} part @param {string} data @returns {HTMLImageElement} */
function picture(part, data) {
  const image = new Image();
  image.src = address(`comparison/data/${data}/${part.image}.png`).href;
  return image;
}

/** The part alone. @param {Part} part @param {string} data @param {number} size @param {number} side CSS pixels */
function cut(part, data, size, side) {
  const [top, left, bottom, right] = part.box;
  const canvas = h("canvas", { role: "img", width: 2 * side, height: 2 * side, style: `width:${side}px;height:${side}px`, "aria-label": `Part of image ${part.image}, rows ${top} to ${bottom - 1}, columns ${left} to ${right - 1}: ${number(part.value)}`, title: `image ${part.image}: ${number(part.value)}` });
  const image = picture(part, data);
  image.onload = () => {
    const scale = image.naturalWidth / size;
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const longest = Math.max(bottom - top, right - left); // clipped at the border it is no square
    const [width, height] = [(canvas.width * (right - left)) / longest, (canvas.height * (bottom - top)) / longest];
    context.drawImage(image, left * scale, top * scale, (right - left) * scale, (bottom - top) * scale, (canvas.width - width) / 2, (canvas.height - height) / 2, width, height);
  };
  return canvas;
}

/** The whole image with the part's outline. @param {Part} part @param {string} data @param {number} size */
function whole(part, data, size) {
  const [top, left, bottom, right] = part.box.map((each) => (100 * each) / size);
  const image = picture(part, data);
  image.alt = `Image ${part.image}`;
  return h("span", { class: "unit-whole" }, image, h("i", { style: `top:${top}%;left:${left}%;width:${right - left}%;height:${bottom - top}%` }));
}
