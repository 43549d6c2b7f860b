/** Health of the layers at the epoch on the screen, with a plain sentence. */
import { fill, h, setText } from "../lib/dom.js";
import { number, percent } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { diagnosis, layerTitle, small } from "./run_words.js";

/** @typedef {import("../charts/run_curves.js").LayerHealth} LayerHealth */

export function createLayerHealth() {
  const title = h("h3", { class: "side-title" });
  const words = h("p", { class: "sentence" });
  const body = h("tbody", {});
  const table = h(
    "table",
    { class: "layer-health-table" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("th", { scope: "col" }, gettext("layer")),
        h(
          "th",
          {
            scope: "col",
            title: gettext("Share of the channels whose ReLU gave only zeros on the pictures that were probed"),
          },
          gettext("dead"),
        ),
        h("th", { scope: "col", title: gettext("Length of the gradient of the layer's weights") }, gettext("gradient")),
        h(
          "th",
          { scope: "col", title: gettext("Length of the last update over the length of the weights") },
          gettext("update / weight"),
        ),
      ),
    ),
    body,
  );
  const element = h(
    "section",
    { class: "layer-health", "aria-label": gettext("Layers"), hidden: true },
    title,
    words,
    table,
  );
  return {
    element,
    /** @param {number} epoch @param {LayerHealth | undefined} health */
    update(epoch, health) {
      element.hidden = !health;
      if (!health) return;
      const { layers } = health;
      setText(title, gettext("Layers at epoch {epoch}", { epoch }));
      const { odd, words: sentence } = diagnosis(health, epoch);
      setText(words, sentence);
      const key = JSON.stringify(layers);
      if (body.dataset.key === key) return;
      body.dataset.key = key;
      fill(
        body,
        layers
          .filter(({ layer }) => layer !== "logits")
          .map((each) =>
            h(
              "tr",
              { class: odd.has(each.layer) ? "odd" : "" },
              h("td", {}, layerTitle(each.layer)),
              h("td", {}, each.dead === null ? "" : percent(each.dead)),
              h("td", {}, each.gradient_norm === null ? "" : number(each.gradient_norm, 2)),
              h("td", {}, each.update_ratio === null ? "" : small(each.update_ratio)),
            ),
          ),
      );
    },
  };
}
