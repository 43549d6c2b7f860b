/** Where the names of the runs stand: at the ends of their lines, and on no other word. */
import { freePlace, isFree } from "./free_place.js";
import { nameWidth } from "./loss_chart_margins.js";
import { markerWords } from "./loss_chart_marker.js";
import { LINE, endOf, isInside } from "./loss_chart_places.js";
import { VALIDATION, validationPlaceOf } from "./loss_chart_validation_word.js";
import { valuesAt } from "./run_curves.js";

/** @typedef {import("./loss_chart.js").Drawn} Drawn */
/** @typedef {import("./loss_chart_places.js").Geometry} Geometry */
/** @typedef {{text: string, x: number, y: number, kind: string, centred: boolean}} Label x is where it begins, or its middle */

/** Where the name of a line that ends early may stand: pixels below its end, the best first. */
const SHIFTS = {
  loss: [22, 22 + LINE, 22 + 2 * LINE, 22 + 3 * LINE, -15, -15 - LINE, -15 - 2 * LINE, -15 - 3 * LINE],
  accuracy: [-15, 17, 17 + LINE, 17 + 2 * LINE, -15 - LINE],
};

/** @param {Geometry} g @returns {Label[]} */
export function names(g) {
  return [...lineNames(g, "loss"), ...lineNames(g, "accuracy")];
}

/**
 * Lines that end at the right get their names there, one below the other; those that end earlier where nothing stands,
 * rather below the lines of losses; where there is no room at all only the list of runs names them.
 * @param {Geometry} g @param {"loss" | "accuracy"} which @returns {Label[]}
 */
function lineNames(g, which) {
  const ends = g.drawn.flatMap((each) => {
    const end = endOf(each, which);
    return end ? [{ each, x: g.toPixels(end.x), y: g.toY(which, end.y) }] : [];
  });
  const own = ends.find(({ each }) => each.line.selected);
  const right = own ? own.x : -Infinity;
  const atEnd = ends.filter(({ x }) => x > right - 40).sort((a, b) => a.y - b.y);
  const earlier = ends.filter(({ x }) => x <= right - 40).sort((a, b) => a.y - b.y);
  const kindOf = (/** @type {Drawn} */ each) =>
    g.view.lifted && g.view.lifted !== each.line.run.id ? "name faded" : "name";
  /** @type {Label[]} */
  const labels = [];
  const taken = wordSpans(g, which);
  for (const { each, x, y } of atEnd) {
    if (!Number.isFinite(y)) continue; // a loss of zero on a logarithmic axis: it stands nowhere
    const span = { left: x + 6, right: x + 6 + nameWidth(each.line.run.name) };
    let top = y;
    while (!isFree({ ...span, y: top }, taken, LINE)) top += 1;
    labels.push({ text: each.line.run.name, x: x + 6, y: top, kind: kindOf(each), centred: false });
    taken.push({ ...span, y: top });
  }
  for (const { each, x, y } of earlier) {
    const half = nameWidth(each.line.run.name) / 2;
    const middle = Math.max(g.box.left + half, Math.min(x + 12, g.box.outer - half - 4));
    const span = { left: middle - half, right: middle + half };
    const crossing = own
      ? [{ ...span, y: g.toY(which, valueOn(own.each, which, each)) }].filter((line) => Number.isFinite(line.y))
      : [];
    const [from, to] = g.box[which];
    const top = freePlace(
      span,
      SHIFTS[which].map((shift) => y + shift),
      { taken: [...taken, ...crossing], from: from + 4, to: to - 4, line: LINE - 3 },
    );
    if (top === null) continue;
    labels.push({ text: each.line.run.name, x: middle, y: top, kind: kindOf(each), centred: true });
    taken.push({ ...span, y: top });
  }
  return labels.filter(
    ({ x, y }) =>
      x < g.box.left + g.box.width + 8 &&
      isInside({ ...g.box, [which]: [g.box[which][0] - 14, g.box[which][1] + 10] }, which, y),
  );
}

/** Where words stand before any name does. @param {Geometry} g @param {"loss" | "accuracy"} which @returns {import("./free_place.js").Span[]} */
function wordSpans(g, which) {
  const word = which === "loss" ? validationPlaceOf(g) : null;
  const values = markerWords(g).filter((value) => value.which === which);
  return [
    ...(word ? [{ left: word.x, right: word.x + nameWidth(VALIDATION), y: word.y }] : []),
    ...values.map(({ text, x, y, isRight }) => ({
      left: isRight ? x : x - nameWidth(text),
      right: isRight ? x + nameWidth(text) : x,
      y,
    })),
  ];
}

/** Where the selected run is at the epoch at which another one ends. @param {Drawn} own @param {"loss" | "accuracy"} which @param {Drawn} other */
function valueOn(own, which, other) {
  const { loss, accuracy } = valuesAt(own, Math.round(endOf(other, which)?.x ?? 0));
  return which === "loss" ? loss : accuracy * 100;
}
