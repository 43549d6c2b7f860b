/** Where the labels of nested boxes go, so that none covers another and as few lines as possible are hidden. */

/** @typedef {{left: number, top: number, right: number, bottom: number}} Box CSS pixels on the photo */
/** @typedef {{box: Box, width: number, height: number, beside: boolean}} Wanted A label and the box that it names. */

/** @param {Box} a @param {Box} b @returns {boolean} */
function overlap(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** @param {Box} label @param {Box} box @returns {boolean} The label hides a part of the box's outline. */
function crosses(label, box) {
  const inside =
    label.left > box.left + 2 &&
    label.right < box.right - 2 &&
    label.top > box.top + 2 &&
    label.bottom < box.bottom - 2;
  return (
    overlap(label, { left: box.left - 2, top: box.top - 2, right: box.right + 2, bottom: box.bottom + 2 }) && !inside
  );
}

/** Places for one label, the best first. @param {Wanted} wanted @returns {Box[]} */
function candidates({ box, width, height, beside }) {
  const at = (/** @type {number} */ left, /** @type {number} */ top) => ({
    left,
    top,
    right: left + width,
    bottom: top + height,
  });
  const middle = (box.top + box.bottom - height) / 2;
  if (beside) {
    const gaps = Array.from({ length: 18 }, (_, i) => 10 + 6 * i);
    return [
      ...gaps.map((gap) => at(box.right + gap, middle)),
      ...gaps.map((gap) => at(box.left - gap - width, middle)),
    ];
  }
  const places = [
    at(box.left, box.top),
    at(box.left, box.bottom),
    at(box.right - width, box.top),
    at(box.left, box.top - height),
    at(box.right - width, box.bottom),
    at(box.right - width, box.bottom - height),
    at(box.left, box.bottom - height),
    at(box.right - width, box.top - height),
  ];
  for (let step = 20; step < box.right - box.left - width; step += 20)
    places.push(at(box.left + step, box.top), at(box.left + step, box.bottom));
  return places;
}

/**
 * A place for each label.
 * @param {Wanted[]} wanted The largest box first.
 * @param {number} side CSS pixels of the photo
 * @returns {(Box | null)[]} null where there is no room at all
 */
export function placeLabels(wanted, side) {
  /** @type {Box[]} */
  const placed = [];
  return wanted.map((label) => {
    let [best, least] = [/** @type {Box | null} */ (null), Infinity];
    for (const place of candidates(label)) {
      const isOut = place.left < 0 || place.top < 0 || place.right > side || place.bottom > side;
      if (isOut || placed.some((other) => overlap(place, other))) continue;
      // A label beside its box has no ground, so that lines show through it; it stays as near as it can.
      const hidden = label.beside
        ? 0
        : wanted.filter((other) => other.box !== label.box && crosses(place, other.box)).length;
      if (hidden < least) [best, least] = [place, hidden];
    }
    if (best) placed.push(best);
    return best;
  });
}
