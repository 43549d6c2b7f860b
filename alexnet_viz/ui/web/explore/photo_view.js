/** The photo as it came and, beside it, exactly what the network saw: the resize rule named and switchable, the credit, the numbers. */
import { fill, h, setText, sizeCanvas } from "../lib/dom.js";
import { count, listed, number } from "../lib/format.js";
import { gettext, gettextNodes } from "../lib/language.js";
import { createPicture } from "../lib/picture.js";
import { seenCanvas } from "../maps/network_input.js";

/** @typedef {import("../server/api.js").Trace} Trace */
/** The rules above the pictures, their titles, and two lines each of notes and of a pixel's numbers below, in CSS pixels. */
const AROUND = 160;
const RULES = { crop: gettext("fit the short side, crop the centre"), squash: gettext("squash to a square") };

/** @param {{onResize: (rule: string) => void}} actions */
export function createPhotoView(actions) {
  const came = createPicture();
  const seen = createPicture();
  const cameNote = h("p", { class: "note" });
  const seenNote = h("p", { class: "note" });
  const readout = h("p", { class: "note", "aria-live": "polite" });
  const rules = h("div", { class: "segments", role: "group", "aria-label": gettext("How the photo becomes a square") });
  const element = h(
    "div",
    { class: "photo-view" },
    rules, // above what grows when a pixel is pointed at
    h(
      "div",
      { class: "photo-pair" },
      h("figure", {}, h("h3", {}, gettext("As it came")), came, cameNote),
      h("figure", {}, h("h3", {}, gettext("What the network saw")), seen, seenNote, readout),
    ),
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
    const [red, green, blue] = pixel;
    const colour =
      pixel.length === 1
        ? gettext("grey {grey}", { grey: red })
        : gettext("red {red}, green {green}, blue {blue}", { red, green, blue });
    fill(
      readout,
      gettextNodes("Row {row}, column {column}: {colour}; the network gets {numbers}", {
        row,
        column,
        colour,
        numbers: h("b", {}, listed(normalised)),
      }),
    );
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
      describeBoth(photo, input);
      fill(
        rules,
        Object.entries(RULES).map(([rule, title]) =>
          h(
            "button",
            { type: "button", "aria-pressed": String(rule === input.resize), onclick: () => actions.onResize(rule) },
            title,
          ),
        ),
      );
      came.setAttribute(
        "aria-label",
        gettext("{title}, {width} × {height} pixels", { title: photo.title, width: photo.width, height: photo.height }),
      );
      seen.setAttribute(
        "aria-label",
        gettext("What the network saw: {size} × {size} pixels, {rule}", {
          size: input.size,
          rule: RULES[input.resize],
        }),
      );
    },
  };

  /** @param {Trace["header"]["photo"]} photo @param {Trace["header"]["input"]} input */
  function describeBoth(photo, input) {
    const credit = photo.gallery ? `${photo.credit}. ${photo.licence}.` : gettext("Your photo.");
    const size = { title: h("b", {}, photo.title), width: count(photo.width), height: count(photo.height), credit };
    if (photo.full_size)
      fill(
        cameNote,
        gettextNodes("{title} {width} × {height} pixels, read smaller from {from}. {credit}", {
          ...size,
          from: photo.full_size.map(count).join(" × "),
        }),
      );
    else fill(cameNote, gettextNodes("{title} {width} × {height} pixels. {credit}", size));
    const made = {
      size: input.size,
      mean: listed(input.mean.map((value) => number(value))),
      deviation: listed(input.std.map((value) => number(value))),
    };
    const whole = gettext("{size} × {size} pixels, then minus mean ({mean}), divided by ({deviation})", made);
    const middle = gettext(
      "{size} × {size} pixels, the middle of a photo whose short side is {side}, then minus mean ({mean}), divided by ({deviation})",
      { ...made, side: input.short_side ?? "" },
    );
    setText(seenNote, input.short_side && input.resize === "crop" ? middle : whole);
  }

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
