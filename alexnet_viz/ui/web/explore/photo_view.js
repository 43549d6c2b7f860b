/** The photo as it came and, beside it, exactly what the network saw: the resize rule named and switchable, the credit, the numbers. */
import { fill, h, sizeCanvas } from "../lib/dom.js";
import { count, number } from "../lib/format.js";
import { seenCanvas } from "../maps/network_input.js";

/** @typedef {import("../server/api.js").Trace} Trace */
/** The rules above the pictures, their titles, and two lines each of notes and of a pixel's numbers below, in CSS pixels. */
const AROUND = 160;
const RULES = { crop: "fit the short side, crop the centre", squash: "squash to a square" };

/** @param {{onResize: (rule: string) => void}} actions */
export function createPhotoView(actions) {
  const came = h("canvas", { role: "img" });
  const seen = h("canvas", { role: "img" });
  const cameNote = h("p", { class: "note" });
  const seenNote = h("p", { class: "note" });
  const readout = h("p", { class: "note", "aria-live": "polite" });
  const rules = h("div", { class: "segments", role: "group", "aria-label": "How the photo becomes a square" });
  const element = h(
    "div",
    { class: "photo-view" },
    rules, // above what grows when a pixel is pointed at
    h("div", { class: "photo-pair" }, h("figure", {}, h("h3", {}, "As it came"), came, cameNote), h("figure", {}, h("h3", {}, "What the network saw"), seen, seenNote, readout)),
  );
  /** @type {{trace: Trace, original: HTMLImageElement | null} | null} */
  let view = null;

  seen.addEventListener("pointermove", (event) => {
    if (!view) return;
    const { header, seen: pixels } = view.trace;
    const { size, mean, std } = header.input;
    const area = seen.getBoundingClientRect();
    const at = (/** @type {number} */ share) => Math.max(0, Math.min(size - 1, Math.floor(share * size)));
    const [row, column] = [at((event.clientY - area.top) / area.height), at((event.clientX - area.left) / area.width)];
    const pixel = mean.map((_, c) => pixels[(row * size + column) * 3 + c]); // a grey picture's three are one number
    const normalised = pixel.map((value, c) => number((value / 255 - mean[c]) / std[c]));
    const colour = pixel.length === 1 ? `grey ${pixel[0]}` : `red ${pixel[0]}, green ${pixel[1]}, blue ${pixel[2]}`;
    fill(readout, `Row ${row}, column ${column}: ${colour}; the network gets `, h("b", {}, normalised.join(", ")));
  });

  return {
    element,
    /** @param {{trace: Trace, original: HTMLImageElement | null}} next */
    update(next) {
      view = next;
      const { photo, input } = next.trace.header;
      const room = Math.max(140, Math.min((element.clientWidth - 24) / 2, element.clientHeight - AROUND));
      paintOriginal(next, room);
      const { context } = sizeCanvas(seen, room, room);
      context.imageSmoothingEnabled = true;
      context.drawImage(seenCanvas(next.trace), 0, 0, seen.width, seen.height);
      const from = photo.full_size ? `, read smaller from ${photo.full_size.map(count).join(" × ")}` : "";
      const credit = photo.gallery ? `${photo.credit}. ${photo.licence}.` : "Your photo.";
      fill(cameNote, h("b", {}, photo.title), ` ${count(photo.width)} × ${count(photo.height)} pixels${from}. ${credit}`);
      const middle = input.short_side && input.resize === "crop" ? `, the middle of a photo whose short side is ${input.short_side}` : "";
      fill(seenNote, `${input.size} × ${input.size} pixels${middle}, then minus mean (${input.mean.map((value) => number(value)).join(", ")}), divided by (${input.std.map((value) => number(value)).join(", ")})`);
      fill(rules, Object.entries(RULES).map(([rule, title]) => h("button", { type: "button", "aria-pressed": String(rule === input.resize), onclick: () => actions.onResize(rule) }, title)));
      came.setAttribute("aria-label", `${photo.title}, ${photo.width} × ${photo.height} pixels`);
      seen.setAttribute("aria-label", `What the network saw: ${input.size} × ${input.size} pixels, ${RULES[input.resize]}`);
    },
  };

  /** @param {{trace: Trace, original: HTMLImageElement | null}} next @param {number} room */
  function paintOriginal(next, room) {
    const { photo, input } = next.trace.header;
    const scale = room / Math.max(photo.width, photo.height);
    const { context, ratio } = sizeCanvas(came, photo.width * scale, photo.height * scale);
    if (!next.original) return;
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    context.drawImage(next.original, 0, 0, came.width, came.height);
    const [left, top, right, bottom] = input.box.map((value) => value * scale * ratio);
    context.fillStyle = "rgba(0, 0, 0, 0.42)";
    context.beginPath();
    context.rect(0, 0, came.width, came.height);
    context.rect(left, top, right - left, bottom - top);
    context.fill("evenodd");
    context.strokeStyle = "#FFFFFF";
    context.lineWidth = 2 * ratio;
    context.strokeRect(left + ratio, top + ratio, right - left - 2 * ratio, bottom - top - 2 * ratio);
  }
}
