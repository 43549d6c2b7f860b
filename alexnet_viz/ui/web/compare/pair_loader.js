/** The two networks on one photo: both passes, what is known of the pair, and every stage that the keys can open. */
import { listedStages } from "./difference.js";
import { getJson, getStage, getTrace, inTurn } from "../server/api.js";
import { createLatest } from "../lib/latest.js";

/** @typedef {"a" | "b"} Side */
/** @typedef {{photo: string, a: string, b: string}} Subject */
/** @typedef {import("./photo_panel.js").Arrived} Arrived */
/**
 * What is known of two networks without computing anything.
 * @typedef {{same_run: string, no_axis: string, shipped: {cka: import("./stage_list.js").Similarity, agreement: number, images: number} | null,
 *   right: Record<Side, {accuracy: number, images: number} | null>}} Pair
 */

const SIDES = /** @type {Side[]} */ (["a", "b"]);

/** The same with A and B in each other's place. @param {Arrived} arrived @returns {Arrived} */
function swappedArrived({ traces, values, pair }) {
  const { shipped, right } = pair;
  const cka = shipped && {
    a: shipped.cka.b,
    b: shipped.cka.a,
    images: shipped.cka.images,
    cka: shipped.cka.b.map((_, j) => shipped.cka.a.map((__, i) => shipped.cka.cka[i][j])),
  };
  return {
    traces: { a: traces.b, b: traces.a },
    values: { a: values.b, b: values.a },
    pair: {
      ...pair,
      shipped: shipped && { ...shipped, cka: /** @type {NonNullable<typeof cka>} */ (cka) },
      right: { a: right.b, b: right.a },
    },
  };
}

/**
 * @param {{onArrived: () => void, onStage: () => void, onRefused: (error: unknown, shown: Subject | null) => void, say: (words: string) => void}} actions
 */
export function createPairLoader({ onArrived, onStage, onRefused, say }) {
  const pairs = createLatest({ ask, onAnswer: onArrived, onRefused });

  /** @param {Subject} subject @param {() => boolean} isWanted @returns {Promise<Arrived>} */
  async function ask({ photo, a, b }, isWanted) {
    const traceOf = (/** @type {string} */ checkpoint) => getTrace({ photo, checkpoint, resize: "" });
    const [first, second, pair] = await inTurn(
      () => Promise.all([traceOf(a), traceOf(b), getJson("comparison/pair", { a, b })]),
      isWanted,
      say,
    );
    return { traces: { a: first, b: second }, values: { a: new Map(), b: new Map() }, pair };
  }

  /** @param {Arrived} own @param {Side} side @param {string} stage */
  async function fetchStage(own, side, stage) {
    const { header } = own.traces[side];
    if (own.values[side].has(stage) || !header.stages.some(({ name }) => name === stage)) return;
    const subject = { photo: header.photo.id, checkpoint: header.checkpoint.name, resize: "" };
    own.values[side].set(stage, await getStage(subject, stage, header.checkpoint.digest));
  }

  /** Ask for stages of what is shown, one after the other; whether it is still shown then. @param {[Side, string][]} wanted */
  async function stages(wanted) {
    const own = pairs.value;
    if (!own || pairs.isStale) return false;
    try {
      for (const [side, stage] of wanted) {
        if (pairs.value !== own || pairs.isStale) return false;
        await fetchStage(own, side, stage);
      }
    } catch (error) {
      if (pairs.value === own) onRefused(error, pairs.subject);
      return false;
    }
    return pairs.value === own && !pairs.isStale;
  }

  return {
    want: pairs.want,
    end: pairs.end,
    get arrived() {
      return pairs.value;
    },
    get isStale() {
      return pairs.isStale;
    },
    get isWaiting() {
      return pairs.isWaiting;
    },
    /** Both are here already: nothing is asked of the server. */
    swap() {
      const { value, subject } = pairs;
      if (value && subject && !pairs.isStale)
        pairs.put(swappedArrived(value), { photo: subject.photo, a: subject.b, b: subject.a });
    },
    /** The open stage. @param {string} stage @param {string} other B's, "" where it is the same */
    async open(stage, other) {
      if (
        await stages([
          ["a", stage],
          ["b", other || stage],
        ])
      )
        onStage();
    },
    /** All that the keys and the list can open, so that from then on nothing is asked. @param {string} stage the open one */
    rest(stage) {
      const own = pairs.value;
      return stages(
        own
          ? SIDES.flatMap((side) =>
              listedStages(own.traces[side].header.stages, stage).map(
                (name) => /** @type {[Side, string]} */ ([side, name]),
              ),
            )
          : [],
      );
    },
  };
}
