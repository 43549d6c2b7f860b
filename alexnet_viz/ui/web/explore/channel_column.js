/** The other cut through the tensor: one bar per channel at the place pointed at. */
import { fill, h, setAttribute, setText, sizeCanvas } from "../lib/dom.js";
import { number } from "../lib/format.js";
import { gettext, ngettext } from "../lib/language.js";
import { strongest } from "../maps/ranking.js";

/** @typedef {import("./inspector.js").InspectorView} InspectorView */

/** @param {(channel: number) => void} onChannel */
export function createChannelColumn(onChannel) {
  const title = h("h3", {});
  const respond = h("span", { class: "quiet" });
  const bars = h("canvas", { class: "bars" });
  const labels = h("div", { class: "bar-labels", "aria-hidden": "true" });
  const element = h("div", { class: "column-cut" }, h("div", { class: "title-row" }, title, respond), bars, labels);
  let channels = 1;

  bars.addEventListener("click", (event) => {
    const area = bars.getBoundingClientRect();
    onChannel(Math.max(0, Math.min(channels - 1, Math.floor(((event.clientX - area.left) / area.width) * channels))));
  });

  /** @param {Float32Array} here @param {number} selected @param {CanvasRenderingContext2D} context @param {number} ratio */
  function paint(here, selected, context, ratio) {
    const styles = getComputedStyle(bars);
    const { low, high } = extent(here);
    const step = bars.width / channels;
    const unit = (bars.height - ratio) / (high - low || 1);
    const zero = bars.height - ratio + low * unit;
    here.forEach((value, c) => {
      if (!Number.isFinite(value)) return;
      context.fillStyle = styles.getPropertyValue(c === selected ? "--marker" : "--bar");
      const wide = c === selected ? Math.max(2 * ratio, step - ratio) : Math.max(1, step - ratio);
      context.fillRect(
        Math.round(c * step),
        zero - Math.max(0, value) * unit,
        Math.round(wide),
        Math.max(value === 0 ? 0 : ratio, Math.abs(value) * unit),
      );
    });
    context.fillStyle = styles.getPropertyValue("--line-strong");
    context.fillRect(0, Math.round(zero), bars.width, ratio);
  }

  /** @param {InspectorView} v @param {Float32Array} here @param {number} step CSS pixels */
  function label(v, here, step) {
    const { responding, missing } = extent(here);
    const respondWords = v.stage.signed
      ? gettext("{count} above zero", { count: responding })
      : ngettext("{count} respond", "{count} respond", responding, { count: responding });
    setText(
      respond,
      missing
        ? `${respondWords}, ${ngettext("{count} is not a number", "{count} are not a number", missing, { count: missing })}`
        : respondWords,
    );
    const peaks = strongest(here, 6);
    const shown = [v.channel];
    for (const c of peaks)
      if (here[c] > 0 && shown.length < 4 && shown.every((other) => Math.abs(other - c) * step > 30)) shown.push(c);
    fill(
      labels,
      shown.map((c) =>
        h("span", { class: c === v.channel ? "marked" : "", style: within((c + 0.5) * step, String(c)) }, c),
      ),
    );
    const best = peaks
      .slice(0, 3)
      .map((c) => gettext("channel {channel} with {value}", { channel: c, value: number(here[c]) }))
      .join(", ");
    setAttribute(bars, "role", "img"); // a picture from its first words on
    setAttribute(
      bars,
      "aria-label",
      gettext("All {count} channels at row {row}, column {column}. {responding} above zero. Strongest: {best}", {
        count: channels,
        ...v.place,
        responding,
        best,
      }),
    );
  }

  return {
    element,
    /** @param {InspectorView} v @param {number} side of a picture, in CSS pixels */
    update(v, side) {
      const [total, height, width] = v.stage.shape;
      channels = total;
      const wide = 2 * side + 16;
      const { context, ratio } = sizeCanvas(bars, Math.min(wide, element.clientWidth || wide), Math.round(side * 0.2));
      context.clearRect(0, 0, bars.width, bars.height);
      setText(title, gettext("All {count} channels at this place", { count: channels }));
      if (!v.values) return;
      const { values, place } = v;
      const here = Float32Array.from(
        { length: channels },
        (_, c) => values[(c * height + place.row) * width + place.column],
      );
      paint(here, v.channel, context, ratio);
      label(v, here, bars.width / ratio / channels);
    },
  };
}

/** The place of a label, centred where it can be and never cut. @param {number} x CSS pixels @param {string} text @returns {string} */
function within(x, text) {
  const half = `${text.length / 2}ch`;
  return `left:clamp(${half}, ${x}px, 100% - ${half})`;
}

/** @param {Float32Array} values @returns {{low: number, high: number, responding: number, missing: number}} */
function extent(values) {
  const finite = values.filter(Number.isFinite);
  return {
    low: Math.min(0, ...finite),
    high: Math.max(0, ...finite),
    responding: finite.filter((value) => value > 0).length,
    missing: values.length - finite.length,
  };
}
