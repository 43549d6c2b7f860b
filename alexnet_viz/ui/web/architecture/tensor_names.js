/** What each tensor of the network to scale is called: its name, its shape, and what of it is drawn. */
import { isPlaced } from "./rows.js";
import { fill } from "../lib/dom.js";
import { shape } from "../lib/format.js";
import { gettext } from "../lib/language.js";

/** @typedef {import("./tensor_strip.js").StripView} StripView */
/** @typedef {import("./tensor_strip.js").Ribbon} Ribbon */

/**
 * Names for those who do not see the pictures.
 * @param {StripView} view
 * @param {HTMLElement} drawing in which each tensor stands under its stage
 * @param {Map<string, Ribbon>} ribbons by stage; those that are drawn empty have none
 */
export function nameTensors(view, drawing, ribbons) {
  for (const row of view.rows) {
    if (row.stage === "logits") continue;
    const holder = /** @type {HTMLElement} */ (drawing.querySelector(`[data-stage="${row.stage}"]`));
    const size = view.covers.isOpen(`${row.stage}:output`) ? shape(row.layer.output_shape) : "";
    const name = row.tensor === row.stage ? row.name : gettext("{stage}, after its ReLU", { stage: row.name });
    const ribbon = ribbons.get(row.stage);
    if (!isPlaced(row)) {
      holder
        .querySelector("canvas")
        ?.setAttribute(
          "aria-label",
          [name, size, ribbon ? gettext("one line of units") : gettext("drawn empty")].filter(Boolean).join(", "),
        );
      continue;
    }
    // What stands on the button comes first, as it stands there.
    const range = ribbon
      ? gettext("seen from the side, largest mean of a row {value}", { value: ribbon.canvas.dataset.high ?? "" })
      : gettext("drawn empty");
    const shown = `${row.name} ${size}`;
    holder.setAttribute(
      "aria-label",
      `${row.tensor === row.stage ? shown : gettext("{stage}, after its ReLU", { stage: shown })}, ${range}`,
    );
    holder.title = name;
    fill(
      /** @type {Element} */ (holder.querySelector(".tensor-shape")),
      view.covers.still(`${row.stage}:output`, shape(row.layer.output_shape)),
    );
  }
}
