/** The open stage of A and of B: which two, how they differ, who is whose partner, which channel and place are selected. */
import { compareStage, orderPairs, widest } from "./difference.js";
import { classesOf } from "./words.js";
import { similarity } from "../lib/format.js";
import { gettext } from "../lib/language.js";

/** @typedef {import("../server/api.js").Trace} Trace */
/** @typedef {import("../server/api.js").Stage} Stage */
/** @typedef {import("./difference.js").Comparison} Comparison */
/** @typedef {import("./photo_panel.js").Moment} Moment */
/** @typedef {import("./photo_panel.js").Arrived} Arrived */
/** @typedef {{row: number, column: number}} Spot */

/** @param {Trace} trace @param {string} name @returns {Stage | null} */
const find = (trace, name) => trace.header.stages.find((stage) => stage.name === name) ?? null;

/** @param {Moment} m */
export function openStages({ state, arrived: { traces } }) {
  const a = /** @type {Stage} */ (find(traces.a, state.stage) ?? traces.a.header.stages[0]);
  return { a, b: find(traces.b, state.other || a.name), name: state.other || a.name };
}

/** Who is whose partner, where that is not a matter of numbers. @param {Moment} m @returns {import("./pairing.js").Pairing | null} */
export function pairingOf(m) {
  const { a, b } = openStages(m);
  // One found for other networks, while these are on their way, does not fit.
  const { pairing } = m.choose(a.name);
  const fits = pairing && !m.state.other && pairing.partners.length === a.shape[0] && b !== null;
  return fits ? pairing : null;
}

/** @param {Moment} m @param {Comparison | null} c @returns {number} the selected channel of A, the most changed where none was chosen */
export function channelOf(m, c) {
  const chosen = m.state.channel === "" ? NaN : Number(m.state.channel);
  if (Number.isInteger(chosen) && chosen >= 0 && chosen < openStages(m).a.shape[0]) return chosen;
  return c ? orderPairs(c, c.reason ? "index" : "changed")[0] : 0;
}

/** @param {Moment} m @param {Comparison} c @param {number} channel @returns {Spot} */
export function placeOf(m, c, channel) {
  const [row, column] = m.state.place.split(",").map(Number);
  const isInside = m.state.place && row >= 0 && row < c.shape[1] && column >= 0 && column < c.shape[2];
  return isInside ? { row, column } : widest(c, channel);
}

/** What the selected pair is called within a sentence and as a heading, and how well the two fit. @param {Moment} m @param {number} channel */
export function pairWords(m, channel) {
  const { a } = openStages(m);
  const classes = classesOf(m.arrived.traces.a, a);
  const pairing = pairingOf(m);
  const called = classes
    ? gettext("class {name}", { name: classes[channel] })
    : calledWords(a, channel, pairing?.partners[channel] ?? null);
  return { called, pair: called[0].toUpperCase() + called.slice(1), fit: classes ? "" : fitWords(pairing, channel) };
}

/** @param {Stage} stage @param {number} channel @param {number | null} partner */
function calledWords({ shape }, channel, partner) {
  const isMap = shape.length === 3;
  if (partner === null)
    return isMap ? gettext("channel {channel}", { channel }) : gettext("unit {channel}", { channel });
  return isMap
    ? gettext("channel {channel} with {partner}", { channel, partner })
    : gettext("unit {channel} with {partner}", { channel, partner });
}

/** @param {import("./pairing.js").Pairing | null} pairing @param {number} channel */
function fitWords(pairing, channel) {
  const r = pairing?.correlations[channel] ?? null;
  if (!pairing || r === null) return "";
  return r < pairing.good
    ? gettext("Correlation {value}: no good partner", { value: similarity(r) })
    : gettext("Correlation {value}", { value: similarity(r) });
}

/** Logits belong together by the names of their classes, whatever their order. @param {string[]} a @param {string[]} b @returns {import("./difference.js").Partners} */
export function sameNames(a, b) {
  if (a.length === b.length && a.every((name, i) => name === b[i])) return null;
  return a.map((name) => (b.includes(name) ? b.indexOf(name) : null));
}

/** @param {Moment} m @returns {{partners: import("./difference.js").Partners, refusal: string} | null} null where the channels are no classes */
function classPartners(m) {
  const { a, b } = openStages(m);
  const { traces, pair } = m.arrived;
  const [first, second] = [classesOf(traces.a, a), b && classesOf(traces.b, b)];
  return first && second && { partners: sameNames(first, second), refusal: pair.no_axis };
}

/** The comparisons of the traces that have arrived last: a stage that was open opens again at once. */
export function createComparisons() {
  /** @type {Map<string, Comparison>} */
  let known = new Map();
  /** @type {Arrived | null} */
  let knownOf = null;

  /** @param {Moment} m @returns {Comparison | null} of the open stages, null until both have arrived */
  return function comparison(m) {
    if (knownOf !== m.arrived) [known, knownOf] = [new Map(), m.arrived];
    const open = openStages(m);
    const pairing = pairingOf(m);
    const key = [open.a.name, open.name, pairing ? "matched" : ""].join("|");
    const remembered = known.get(key);
    if (remembered) return remembered;
    const { traces, values } = m.arrived;
    const first = values.a.get(open.a.name);
    const second = open.b ? values.b.get(open.name) : new Float32Array(0);
    if (!first || !second) return null;
    const layer = (/** @type {Trace} */ trace, /** @type {Float32Array} */ own, /** @type {string} */ name) => ({
      values: own,
      statistics: trace.statistics[name] ?? new Float32Array(0),
    });
    const { partners, refusal } = classPartners(m) ?? { partners: pairing?.partners ?? null, refusal: "" };
    const made = compareStage(
      open,
      layer(traces.a, first, open.a.name),
      layer(traces.b, second, open.name),
      partners,
      refusal,
    );
    known.set(key, made);
    return made;
  };
}
