/** What the strip is given to show, worked out from the page's view. */

/**
 * @param {import("./selection.js").View} now
 * @param {{isBefore: boolean, isStale: boolean}} shown `isBefore`: an altered network is shown as it was
 * @returns {import("../maps/strip.js").StripView}
 */
export function stripView(now, { isBefore, isStale }) {
  const { before } = now.shown;
  const isUnaltered = before !== null && isBefore;
  return {
    trace: isUnaltered ? before : now.trace,
    before: isUnaltered ? null : before,
    open: now.state.stage,
    theme: now.theme,
    activation: now.houseTable(false),
    signed: now.houseTable(true),
    stale: isStale,
  };
}
