/** Over the network to scale: how large a value is drawn, and what the colours mean. */
import { drawsSigned, scaleWords } from "./rows.js";
import { fill, h, setText } from "../lib/dom.js";
import { gettext, gettextNodes } from "../lib/language.js";
import { legendBar } from "../maps/legend.js";

/** @typedef {import("./tensor_strip.js").StripView} StripView */

export function createScaleLegend() {
  const sentence = h("p", { class: "sentence scale-sentence" });
  const legend = h("div", { class: "scale-legend" });

  return {
    elements: [sentence, legend],
    /** @param {StripView} view @param {number} scale CSS pixels per value @param {number} gap CSS pixels between the photo and the first tensor */
    update(view, scale, gap) {
      const words = gettext("One scale for everything, {scale}.", {
        scale: scaleWords(1 / (scale * (window.devicePixelRatio || 1))),
      });
      const real = gettext(
        "Each ribbon is the real tensor for this photo, seen from the side; a column is a channel, a row is a row of its map.",
      );
      const empty = gettext("No checkpoint of this variant here, so the tensors are drawn empty.");
      setText(sentence, `${words} ${view.checkpoint === null ? empty : real}`);
      sentence.style.left = `${view.input[2] * scale + gap}px`;
      legend.hidden = view.checkpoint === null;
      if (legend.hidden) return;
      const isSigned = drawsSigned(view.rows, view.signed);
      const line = (/** @type {string} */ name, /** @type {string} */ low, /** @type {Uint32Array} */ table) => [
        h("span", {}, name),
        h("span", {}, low),
        legendBar(table, 56, 8),
        h("span", {}, gettext("own max")),
      ];
      fill(
        legend,
        line(
          isSigned ? gettext("maps, mean of a row") : gettext("maps, mean of a row; fc1, fc2"),
          "0",
          view.activation,
        ),
        isSigned ? line("fc1, fc2", gettext("− own max"), view.diverging) : [],
        h(
          "span",
          { class: "scale-checkpoint" },
          gettextNodes("checkpoint {name}", { name: h("b", {}, view.checkpoint) }),
        ),
      );
    },
  };
}
