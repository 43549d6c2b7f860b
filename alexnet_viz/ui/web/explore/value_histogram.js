/** The values of one channel: the one pointed at, how often each occurs, and the figures of all. */
import { fill, h, setText, sizeCanvas } from "../lib/dom.js";
import { count, number, percent } from "../lib/format.js";
import { gettext, gettextNodes } from "../lib/language.js";
import { rankByMaximum } from "../maps/ranking.js";
import { finiteShareOf, isFiniteChannel, maximumOf, meanOf, minimumOf, zerosOf } from "../maps/statistics.js";

/** @typedef {import("./inspector.js").InspectorView} InspectorView */

const BINS = 38;

/** @param {() => void} onUnit opens the page of this unit */
export function createValueHistogram(onUnit) {
  const title = h("h3", { class: "plain" });
  const unitButton = h(
    "button",
    {
      class: "link",
      type: "button",
      title: gettext("How this value is made, what excites the channel (U)"),
      onclick: () => onUnit(),
    },
    gettext("Unit →"),
  );
  const canvas = h("canvas", {
    class: "histogram",
    role: "img",
    title: gettext("How often each value occurs on this map; heights by square root"),
  });
  const [low, high] = [h("span"), h("span")];
  const facts = h("dl", { class: "facts" });

  /** @param {Float32Array | null} own @param {number} from @param {number} to @param {number} value @param {number} side */
  function paint(own, from, to, value, side) {
    const { context, ratio } = sizeCanvas(canvas, side, Math.round(side * 0.225));
    const styles = getComputedStyle(canvas);
    const { width, height } = canvas;
    context.clearRect(0, 0, width, height);
    const span = to - from || 1;
    const counts = new Array(BINS).fill(0);
    for (const each of own ?? [])
      if (Number.isFinite(each))
        counts[Math.max(0, Math.min(BINS - 1, Math.floor(((each - from) / span) * BINS)))] += 1;
    // The square root keeps the many zeros from hiding everything else; the words below carry the exact shares.
    const tallest = Math.sqrt(Math.max(1, ...counts));
    const step = width / BINS;
    context.fillStyle = styles.getPropertyValue("--bar");
    counts.forEach((each, bin) => {
      const tall = Math.ceil((Math.sqrt(each) / tallest) * (height - ratio));
      context.fillRect(Math.round(bin * step), height - tall, Math.max(1, Math.round(step - ratio)), tall);
    });
    context.fillStyle = styles.getPropertyValue("--line-strong");
    context.fillRect(0, height - ratio, width, ratio);
    if (!Number.isFinite(value)) return;
    context.fillStyle = styles.getPropertyValue("--marker");
    context.fillRect(Math.min(width - 2 * ratio, ((value - from) / span) * width), 0, 1.5 * ratio, height);
  }

  /** @param {InspectorView} v @param {Float32Array} statistics of the stage */
  function describe(v, statistics) {
    const [minimum, maximum] = [minimumOf(statistics, v.channel), maximumOf(statistics, v.channel)];
    const finite = finiteShareOf(statistics, v.channel);
    const goesBelow = v.stage.signed || minimum < 0;
    facts.classList.toggle("dense", goesBelow || finite < 1);
    if (Number.isNaN(maximum)) return fill(facts, fact(gettext("values"), gettext("none is a number")));
    const rank = isFiniteChannel(statistics, v.channel)
      ? gettext("rank {rank} of {total}", {
          rank: count(rankByMaximum(statistics, v.channel)),
          total: v.stage.shape[0],
        })
      : "";
    fill(
      facts,
      fact(gettext("maximum"), number(maximum), rank),
      goesBelow ? fact(gettext("minimum"), number(minimum)) : null,
      fact(gettext("mean"), number(meanOf(statistics, v.channel))),
      fact(gettext("zeros"), percent(zerosOf(statistics, v.channel))),
      finite < 1 ? fact(gettext("not a number"), percent(1 - finite)) : null,
    );
  }

  return {
    element: h(
      "div",
      {},
      h("div", { class: "title-row" }, title, unitButton),
      canvas,
      h("div", { class: "ends" }, low, high),
      facts,
    ),
    /** @param {InspectorView} v @param {number} side of a picture, in CSS pixels */
    update(v, side) {
      const [, height, width] = v.stage.shape;
      const statistics = v.trace.statistics[v.stage.name];
      const [minimum, maximum] = [minimumOf(statistics, v.channel), maximumOf(statistics, v.channel)];
      const own = v.values?.subarray(v.channel * height * width, (v.channel + 1) * height * width) ?? null;
      const value = own ? own[v.place.row * width + v.place.column] : NaN;
      fill(
        title,
        gettextNodes("Row {row}, column {column}: {value}", {
          ...v.place,
          value: own ? h("b", { class: "marked" }, number(value)) : "…",
        }),
      );
      const [from, to] = Number.isNaN(maximum) ? [0, 0] : [Math.min(0, minimum), maximum];
      paint(own, from, to, value, side);
      setText(low, number(from));
      setText(high, number(to));
      describe(v, statistics);
      canvas.setAttribute(
        "aria-label",
        gettext("Histogram of this channel's values from {low} to {high}, heights by square root", {
          low: number(from),
          high: number(to),
        }),
      );
    },
  };
}

/** @param {string} name @param {string} text @param {string} [extra] */
function fact(name, text, extra = "") {
  return h("div", {}, h("dt", {}, name), h("dd", {}, h("b", {}, text), extra ? ` ${extra}` : ""));
}
