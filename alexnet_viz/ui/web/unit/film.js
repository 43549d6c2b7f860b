/** The course of a picture that is made: its film as the axis, the response above it, the best image part dotted. */
import { brokenLine } from "../lib/broken_line.js";
import { fill, h } from "../lib/dom.js";
import { computed, number } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { whenChanged } from "../lib/when_changed.js";
import { columnWidth } from "./columns.js";
import { course, momentAt } from "./made_words.js";

/** @typedef {{moments: import("./made_words.js").Moment[], step: string, best: number | null, pictureOf: (step: number) => string}} View */

const HEIGHT = 48;
const LEAST_MOMENTS = 8; // have room side by side: a picture is never larger than one of so many

/** @param {{onStep: (step: string) => void}} actions step: "" for the last */
export function createFilm({ onStep }) {
  const chart = h("div", { class: "unit-course" });
  const strip = h("div", { class: "unit-film", role: "group", "aria-label": gettext("Steps") });
  const element = h("section", { hidden: true }, h("h3", {}, gettext("Response while it is made")), chart, strip);

  /** @param {View} view @param {number} pitch */
  function drawChart({ moments, step, best }, pitch) {
    const width = pitch * moments.length;
    const { points, best: bestAt } = course(moments, best);
    const y = (/** @type {number} */ share) => 6 + share * (HEIGHT - 12);
    const spots = points.map((point) => ({ x: point.x * width, y: point.y === null ? null : y(point.y) }));
    const at = spots[moments.indexOf(/** @type {any} */ (momentAt(moments, step)))];
    const dotted =
      bestAt === null ? "" : `<line x1="0" x2="${width}" y1="${y(bestAt)}" y2="${y(bestAt)}" class="best"/>`;
    chart.innerHTML = `<svg width="${width}" height="${HEIGHT}" aria-hidden="true">${dotted}${brokenLine(spots)}<line class="at" x1="${at.x}" x2="${at.x}" y1="${at.y ?? 0}" y2="${HEIGHT}"/>${at.y === null ? "" : `<circle cx="${at.x}" cy="${at.y}" r="4"/>`}</svg>`;
    if (best !== null)
      chart.append(h("span", { class: "note" }, gettext("best image part {value}", { value: number(best) })));
  }

  /** @param {View} view */
  function draw(view) {
    const { moments, step, pictureOf } = view;
    element.hidden = moments.length < 2;
    if (element.hidden) return;
    const isFocused = strip.matches(":focus-within");
    const pitch = columnWidth(element, "--unit-first") / Math.max(LEAST_MOMENTS, moments.length);
    const side = Math.floor(pitch - 5);
    const shown = momentAt(moments, step);
    drawChart(view, pitch);
    fill(
      strip,
      moments.map((moment, i) =>
        h(
          "button",
          {
            type: "button",
            style: `width:${pitch}px`,
            class: moment === shown ? "on" : "",
            "aria-pressed": String(moment === shown),
            "aria-label": gettext("step {step}: {response}", {
              step: moment.step,
              response: computed(moment.response),
            }),
            onclick: () => onStep(i === moments.length - 1 ? "" : String(moment.step)),
          },
          h("img", { src: pictureOf(moment.step), alt: "", width: side, height: side }),
          h("span", {}, i ? moment.step : gettext("step {step}", { step: 0 })),
        ),
      ),
    );
    if (isFocused) /** @type {HTMLElement} */ (strip.querySelector(".on")).focus();
  }

  return {
    element,
    update: whenChanged(
      (/** @type {View} */ view) => [JSON.stringify([view.moments, view.step, view.best, view.pictureOf(0)])],
      draw,
    ),
  };
}
