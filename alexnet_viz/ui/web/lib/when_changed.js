/**
 * Draw only where what the drawing depends on has changed.
 *
 *     const drawHead = whenChanged((view) => [view.stage, view.theme, view.trace], (view) => { … });
 *     drawHead(view);  // draws
 *     drawHead(view);  // does not
 *
 * @template {unknown[]} Given
 * @param {(...given: Given) => readonly unknown[]} key all that the drawing reads; objects and arrays count as changed where they are other ones
 * @param {(...given: Given) => void} draw
 * @returns {(...given: Given) => boolean} whether it was drawn
 */
export function whenChanged(key, draw) {
  /** @type {readonly unknown[] | null} */
  let drawn = null;
  return (...given) => {
    const now = key(...given);
    if (drawn && drawn.length === now.length && now.every((value, i) => Object.is(value, drawn?.[i]))) return false;
    drawn = now;
    draw(...given);
    return true;
  };
}
