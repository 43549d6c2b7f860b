/** Which values are drawn as the first and the last colour, and how a legend says so. */
import { makeBounds } from "../lib/colour.js";
import { groupOf } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { endsOf } from "../maps/legend.js";
import { maximumOf, minimumOf } from "../maps/statistics.js";

/** @typedef {import("../server/api.js").Trace} Trace */
/** @typedef {import("../server/api.js").Stage} Stage */
/** @typedef {import("../lib/colour.js").Bounds} Bounds */
/**
 * @typedef {{name: string, own: boolean, signed: boolean, shared: Bounds, of: (trace: Trace, channel: number) => Bounds}} Range
 * `own`: every map is drawn up to its own largest value; otherwise all share `shared`.
 */

/**
 * The range of one stage's maps.
 * @param {{range: string, top: string}} chosen
 * @param {Stage} stage
 * @param {Trace[]} traces of the photos whose maps stand side by side: what they share holds for all of them
 * @returns {Range}
 */
export function rangeOf({ range, top }, stage, traces) {
  const own = range === "channel" && stage.shape.length === 3;
  const shared = sharedBounds(
    stage.signed,
    traces.flatMap((trace) => scopeOf(range, trace, stage.name)),
    top === "whole",
  );
  return {
    name: range === "channel" && !own ? "layer" : range,
    own,
    signed: stage.signed,
    shared,
    of: (trace, channel) => (own ? ownBounds(stage.signed, trace.statistics[stage.name], channel) : shared),
  };
}

/** The stages whose values share the range. @param {string} range @param {Trace} trace @param {string} name @returns {Stage[]} */
function scopeOf(range, trace, name) {
  const { stages } = trace.header;
  if (range === "network") return stages;
  if (range === "block") return stages.filter((each) => groupOf(each.name) === groupOf(name));
  return stages.filter((each) => each.name === name);
}

/** @param {boolean} signed @param {Stage[]} sharing @param {boolean} whole up to the true maximum @returns {Bounds} */
function sharedBounds(signed, sharing, whole) {
  // A stage without negative values is drawn from zero, whatever else shares its range.
  const minimum = signed ? Math.min(0, ...sharing.map((each) => each.minimum)) : 0;
  const maximum = Math.max(0, ...sharing.map((each) => each.maximum));
  const largest = signed ? Math.max(maximum, -minimum) : maximum;
  return makeBounds(signed, minimum, maximum, whole ? largest : Math.max(0, ...sharing.map((each) => each.limit)));
}

/** @param {boolean} signed @param {Float32Array} statistics @param {number} channel @returns {Bounds} */
function ownBounds(signed, statistics, channel) {
  return makeBounds(signed, minimumOf(statistics, channel), maximumOf(statistics, channel), 0);
}

/** Both ends of a legend under which several maps stand. @param {Range} range @returns {[string, string]} */
export function rangeWords({ own, signed, shared }) {
  return own ? [signed ? `−${gettext("own max")}` : "0", gettext("own max")] : endsOf(shared);
}
