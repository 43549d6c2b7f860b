/** Beside the cells of units without a place: the sorted curve of all values, and the strongest ten. */
import { fill, h, setText, sizeCanvas } from "../lib/dom.js";
import { count, number, sharesOf } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { createPicture } from "../lib/picture.js";
import { strongest } from "../maps/ranking.js";
import { unitName } from "./words.js";

/** @typedef {import("./units.js").UnitsView} UnitsView */

/** @param {(unit: number) => void} onSelect */
export function createUnitsSide(onSelect) {
  const curveRange = h("span", { class: "quiet" });
  const curve = createPicture({ class: "curve" });
  const list = h("div", { class: "unit-list" });
  const listUnit = h("span", { class: "quiet" });
  const element = h(
    "div",
    { class: "units-side" },
    h("div", { class: "title-row" }, h("h3", {}, gettext("Sorted")), curveRange),
    curve,
    h("div", { class: "ends" }, h("span", {}, gettext("rank {rank}", { rank: 1 })), h("span")),
    h("div", { class: "title-row strongest" }, h("h3", {}, gettext("Strongest ten")), listUnit),
    list,
  );

  /** @param {UnitsView} v @param {number} room height of the panel, in CSS pixels */
  function paintCurve(v, room) {
    const { context, ratio } = sizeCanvas(
      curve,
      Math.max(120, element.clientWidth),
      Math.round(Math.min(200, Math.max(110, (room - 300) * 0.9))),
    );
    const styles = getComputedStyle(element);
    context.clearRect(0, 0, curve.width, curve.height);
    if (!v.values) {
      setText(curveRange, "");
      return curve.setAttribute("aria-label", gettext("Sorted"));
    }
    const sorted = v.values.filter(Number.isFinite).sort().reverse();
    const [high, low] = [Math.max(0, sorted[0] ?? 0), Math.min(0, sorted[sorted.length - 1] ?? 0)];
    const y = (/** @type {number} */ value) =>
      ((high - value) / (high - low || 1)) * (curve.height - 2 * ratio) + ratio;
    context.beginPath();
    context.moveTo(0, y(0));
    sorted.forEach((value, rank) => context.lineTo((rank / Math.max(1, sorted.length - 1)) * curve.width, y(value)));
    context.lineTo(curve.width, y(0));
    context.fillStyle = styles.getPropertyValue("--sunk");
    context.fill();
    context.strokeStyle = styles.getPropertyValue("--ink");
    context.lineWidth = 1.5 * ratio;
    context.stroke();
    const own = v.values[v.selected];
    let rank = 0;
    for (const value of sorted) if (value > own) rank += 1;
    context.fillStyle = styles.getPropertyValue("--marker");
    if (Number.isFinite(own))
      context.fillRect(
        Math.min(curve.width - 1.5 * ratio, (rank / Math.max(1, sorted.length - 1)) * curve.width),
        0,
        1.5 * ratio,
        curve.height,
      );
    const ends = { total: v.total, first: number(sorted[0]), last: number(sorted[sorted.length - 1]) };
    const place = Number.isFinite(own)
      ? gettext("unit {unit} has rank {rank}", { unit: v.selected, rank: rank + 1 })
      : gettext("unit {unit} is not a number", { unit: v.selected });
    setText(curveRange, sorted.length ? gettext("{first} to {last}", ends) : gettext("none is a number"));
    curve.setAttribute(
      "aria-label",
      sorted.length
        ? gettext("All {total} values sorted, from {first} to {last}; {place}", { ...ends, place })
        : gettext("All {total} values sorted, none is a number; {place}", { total: v.total, place }),
    );
    setText(
      /** @type {Element} */ (element.querySelector(".ends")?.lastElementChild),
      gettext("rank {rank}", { rank: v.total }),
    );
  }

  /** @param {UnitsView} v */
  function paintList(v) {
    if (!v.values) return;
    const values = v.values;
    const top = strongest(values, 10).filter((unit) => Number.isFinite(values[unit]));
    const largest = Math.max(...top.map((unit) => Math.abs(values[unit])), 1e-30);
    list.classList.toggle("named", v.names !== null);
    const unit = values.length > 1 ? gettext("softmax") : gettext("sigmoid"); // of one output, see answers.py
    setText(listUnit, v.probabilities && top.length ? unit : "");
    if (!top.length)
      return fill(
        list,
        h("p", { class: "note" }, gettext("None of the {total} values is a number.", { total: count(v.total) })),
      );
    const shareOf = v.probabilities && sharesOf(v.probabilities);
    const most = v.probabilities ? Math.max(...v.probabilities, 1e-30) : largest;
    const part = (/** @type {number} */ unit) =>
      Math.max(0, v.probabilities ? v.probabilities[unit] : values[unit]) / most;
    return fill(
      list,
      top.map((unit) =>
        h(
          "button",
          { class: unit === v.selected ? "unit on" : "unit", type: "button", onclick: () => onSelect(unit) },
          h("span", { class: "unit-name", title: v.names?.[unit] ?? unitName(unit) }, v.names?.[unit] ?? unit),
          h("span", { class: "bar-track" }, h("span", { class: "bar-fill", style: `width:${part(unit) * 100}%` })),
          h("span", { class: "bar-value" }, shareOf?.(unit) ?? number(values[unit])),
        ),
      ),
    );
  }

  return {
    element,
    /** @param {UnitsView} v @param {number} room height of the panel, in CSS pixels */
    update(v, room) {
      paintCurve(v, room);
      paintList(v);
    },
  };
}
