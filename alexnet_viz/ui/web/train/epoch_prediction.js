/** What the network says of the photo at the epoch on the screen: its likeliest classes. */
import { fill, h, setText } from "../lib/dom.js";
import { sharesOf } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { strongest } from "../maps/ranking.js";

/** @typedef {import("./epoch_panel.js").MomentView} MomentView */

const SHOWN = 5;

/** @param {{onTarget: (target: number) => void, onOpen: () => void}} actions */
export function createEpochPrediction(actions) {
  const title = h("h3", {});
  const link = h("button", { class: "link", type: "button", onclick: actions.onOpen }, gettext("Open in Explore →"));
  const bars = h("div", { class: "moment-bars" });
  const element = h("div", { class: "moment-prediction" }, h("div", { class: "title-row" }, title, link), bars);

  /** @param {MomentView} v */
  function drawBars(v) {
    const shares = v.frame?.probabilities;
    const classes = v.about?.classes ?? [];
    if (!shares)
      return (
        delete bars.dataset.key &&
        fill(
          bars,
          Array.from({ length: SHOWN }, () =>
            h("div", { class: "moment-bar waiting" }, h("span", {}), h("span", { class: "bar-track" }), h("span", {})),
          ),
        )
      );
    const key = JSON.stringify([v.epoch, v.target, classes, shares[0], shares[1]]);
    if (bars.dataset.key === key) return undefined; // or the focus would be lost every second
    bars.dataset.key = key;
    const order = strongest(shares, SHOWN);
    const shareOf = sharesOf(shares);
    return fill(
      bars,
      order.map((i, rank) =>
        h(
          "button",
          {
            class: `moment-bar${rank === 0 ? " first" : ""}${i === v.target ? " target" : ""}`,
            type: "button",
            title: gettext("Draw p({name}) under the film", { name: classes[i] }),
            "aria-pressed": String(i === v.target),
            onclick: () => actions.onTarget(i),
          },
          h("span", { class: "bar-name" }, classes[i] ?? String(i)),
          h(
            "span",
            { class: "bar-track" },
            h("span", { class: "bar-fill", style: `width:${(shares[i] * 100).toFixed(1)}%` }),
          ),
          h("span", { class: "bar-value" }, shareOf(i)),
        ),
      ),
    );
  }

  return {
    element,
    /** @param {MomentView} v */
    update(v) {
      setText(
        title,
        v.epoch === null ? gettext("Prediction") : gettext("Prediction at epoch {epoch}", { epoch: v.epoch }),
      );
      link.hidden = v.epoch === null;
      drawBars(v);
    },
  };
}
