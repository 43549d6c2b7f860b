/** The inspector: photo and map side by side, the receptive field and the values below. */
import { mapCanvas } from "../lib/colour.js";
import { createSpeaker, fill, h, setText, sizeCanvas } from "../lib/dom.js";
import { count, number, percent, shape, stageTitle } from "../lib/format.js";
import { DIM_FROM, outline } from "../lib/outline.js";
import { fieldOf } from "../maps/receptive_field.js";
import { rankByMaximum } from "../maps/ranking.js";
import { seenCanvas } from "../maps/network_input.js";

/** @typedef {import("../server/api.js").Trace} Trace */
/** @typedef {import("../server/api.js").Stage} Stage */
/** @typedef {import("../lib/colour.js").Bounds} Bounds */
/**
 * @typedef {{trace: Trace, stage: Stage, values: Float32Array | null, channel: number, place: {row: number, column: number},
 *   bounds: Bounds, table: Uint32Array, filters: {values: Float32Array, shape: number[]} | null, held: boolean,
 *   original: HTMLImageElement | null, whole: boolean, pointing: boolean, title: string}} InspectorView
 */

/** The longer side of the original's inset, as a share of the picture. */
const INSET = 0.36;

/**
 * @param {{onPlace: (row: number, column: number, pinned: boolean) => void, onLeave: () => void, onOpen: () => void,
 *   onChannel: (channel: number) => void, onWhole: (whole: boolean) => void}} actions
 */
export function createInspector(actions) {
  const photoTitle = h("h3", {});
  const wholeButton = h("button", { class: "link", type: "button", onclick: () => actions.onWhole(!wholeButton.classList.contains("on")) });
  const mapTitle = h("h3", {});
  const openButton = h("button", { class: "link", type: "button", onclick: () => actions.onOpen() }, "Open channel →");
  const photo = h("canvas", { class: "picture", role: "img" });
  const map = h("canvas", { class: "picture", role: "img" });
  const join = h("canvas", { class: "join", "aria-hidden": "true" });
  const pictures = h("div", { class: "pictures" }, photo, map, join);
  const fieldTitle = h("h3", {});
  const patch = h("canvas", { class: "patch", role: "img", "aria-label": "The receptive field, enlarged" });
  const times = h("span", { class: "times", "aria-hidden": "true" }, "×");
  const filter = h("canvas", { class: "patch quiet", role: "img" });
  const fieldNote = h("p", { class: "note" });
  const valueTitle = h("h3", { class: "plain" });
  const histogram = h("canvas", { class: "histogram", role: "img" });
  const ends = h("div", { class: "ends" }, h("span"), h("span"));
  const facts = h("dl", { class: "facts" });
  const columnTitle = h("h3", {});
  const respond = h("span", { class: "quiet" });
  const bars = h("canvas", { class: "bars", role: "img" });
  const barLabels = h("div", { class: "bar-labels", "aria-hidden": "true" });
  const speaker = createSpeaker();
  const element = h(
    "section",
    { class: "inspector", "aria-label": "Inspector" },
    h("div", { class: "pair titles" }, h("div", { class: "title-row" }, photoTitle, wholeButton), h("div", { class: "title-row" }, mapTitle, openButton)),
    pictures,
    h(
      "div",
      { class: "pair details" },
      h("div", {}, fieldTitle, h("div", { class: "patches" }, patch, times, filter, h("div", { class: "beside" })), fieldNote),
      h("div", {}, valueTitle, histogram, ends, facts),
    ),
    h("div", { class: "column-cut" }, h("div", { class: "title-row" }, columnTitle, respond), bars, barLabels),
    speaker.element,
  );
  const beside = /** @type {HTMLElement} */ (element.querySelector(".beside"));

  /** @type {InspectorView | null} */
  let view = null;

  /** @param {PointerEvent | MouseEvent} event */
  function placeAt(event) {
    if (!view) return null;
    const area = map.getBoundingClientRect();
    const [, height, width] = view.stage.shape;
    const clamp = (/** @type {number} */ value, /** @type {number} */ size) => Math.max(0, Math.min(size - 1, Math.floor(value * size)));
    return [clamp((event.clientY - area.top) / area.height, height), clamp((event.clientX - area.left) / area.width, width)];
  }
  map.addEventListener("pointermove", (event) => {
    const place = placeAt(event);
    if (!view || !place) return;
    const [row, column] = place;
    const [, height, width] = view.stage.shape;
    if (view.values) speaker.say(`channel ${view.channel}, row ${row}, column ${column}: ${number(view.values[(view.channel * height + row) * width + column])}`);
    actions.onPlace(row, column, false);
  });
  map.addEventListener("pointerleave", () => actions.onLeave());
  map.addEventListener("click", (event) => {
    const place = placeAt(event);
    if (place) actions.onPlace(place[0], place[1], true);
  });
  bars.addEventListener("click", (event) => {
    if (!view) return;
    const area = bars.getBoundingClientRect();
    const channels = view.stage.shape[0];
    actions.onChannel(Math.max(0, Math.min(channels - 1, Math.floor(((event.clientX - area.left) / area.width) * channels))));
  });

  /** @returns {number} side of a picture in CSS pixels */
  function side() {
    return parseFloat(getComputedStyle(element).getPropertyValue("--picture")) || 227;
  }

  /** Where the picture of the original lies inside the square box. @param {InspectorView} v @returns {{left: number, top: number, scale: number}} */
  function originalFrame(v) {
    const { width, height } = v.trace.header.photo;
    const scale = side() / Math.max(width, height);
    return { left: (side() - width * scale) / 2, top: (side() - height * scale) / 2, scale };
  }

  /** A box in input pixels, on the photo canvas, in CSS pixels. @param {InspectorView} v @param {{left: number, top: number, right: number, bottom: number}} box */
  function onPhoto(v, box) {
    const size = v.trace.header.input.size;
    if (!v.whole || !v.original) {
      const unit = side() / size;
      return { x: box.left * unit, y: box.top * unit, width: (box.right - box.left + 1) * unit, height: (box.bottom - box.top + 1) * unit };
    }
    const frame = originalFrame(v);
    const [left, top, right, bottom] = v.trace.header.input.box;
    const [ux, uy] = [((right - left) / size) * frame.scale, ((bottom - top) / size) * frame.scale];
    return {
      x: frame.left + left * frame.scale + box.left * ux,
      y: frame.top + top * frame.scale + box.top * uy,
      width: (box.right - box.left + 1) * ux,
      height: (box.bottom - box.top + 1) * uy,
    };
  }

  /** @param {InspectorView} v @param {ReturnType<typeof fieldOf>} field */
  function paintPhoto(v, field) {
    const { context, ratio } = sizeCanvas(photo, side(), side());
    const styles = getComputedStyle(element);
    context.fillStyle = styles.getPropertyValue("--sunk");
    context.fillRect(0, 0, photo.width, photo.height);
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    if (v.whole && v.original) {
      const frame = originalFrame(v);
      const { width, height } = v.trace.header.photo;
      context.drawImage(v.original, frame.left * ratio, frame.top * ratio, width * frame.scale * ratio, height * frame.scale * ratio);
      const cut = onPhoto(v, { left: 0, top: 0, right: v.trace.header.input.size - 1, bottom: v.trace.header.input.size - 1 });
      context.strokeStyle = "#FFFFFF";
      context.setLineDash([4 * ratio, 3 * ratio]);
      context.lineWidth = ratio;
      context.strokeRect(cut.x * ratio + ratio / 2, cut.y * ratio + ratio / 2, cut.width * ratio - ratio, cut.height * ratio - ratio);
      context.setLineDash([]);
    } else {
      context.imageSmoothingEnabled = photo.width % v.trace.header.input.size !== 0;
      context.drawImage(seenCanvas(v.trace), 0, 0, photo.width, photo.height);
    }
    outline(context, ratio, onPhoto(v, field.seen), v.stage.field >= DIM_FROM, styles);
    if (v.pointing && !v.whole && v.original) paintInset(v, v.original, field, context, ratio, styles);
  }

  /**
   * While the pointer is on the map, the same field on the original: a small picture in the corner farthest from the field.
   * @param {InspectorView} v @param {HTMLImageElement} picture @param {ReturnType<typeof fieldOf>} field
   * @param {CanvasRenderingContext2D} context @param {number} ratio @param {CSSStyleDeclaration} styles
   */
  function paintInset(v, picture, field, context, ratio, styles) {
    const { photo: own, input } = v.trace.header;
    const scale = (side() * INSET * ratio) / Math.max(own.width, own.height);
    const [width, height] = [own.width * scale, own.height * scale];
    const gap = 4 * ratio;
    const x = field.left + field.right < input.size ? photo.width - width - gap : gap;
    const y = field.top + field.bottom < input.size ? photo.height - height - gap : gap;
    context.drawImage(picture, x, y, width, height);
    context.strokeStyle = "#FFFFFF";
    context.lineWidth = 2 * ratio;
    context.strokeRect(x, y, width, height);
    const [left, top, right, bottom] = input.box;
    const [ux, uy] = [((right - left) / input.size) * scale, ((bottom - top) / input.size) * scale];
    const { seen } = field;
    context.strokeStyle = styles.getPropertyValue("--marker");
    context.strokeRect(x + left * scale + seen.left * ux, y + top * scale + seen.top * uy, (seen.right - seen.left + 1) * ux, (seen.bottom - seen.top + 1) * uy);
  }

  /** @param {InspectorView} v */
  function paintMap(v) {
    const { context, ratio } = sizeCanvas(map, side(), side());
    const [, height, width] = v.stage.shape;
    if (!v.values) return;
    const picture = mapCanvas(v.values, { offset: v.channel * height * width, height, width }, v.bounds, v.table);
    context.drawImage(picture, 0, 0, map.width, map.height);
    const unit = side() / width;
    const box = { x: v.place.column * unit, y: v.place.row * unit, width: unit, height: unit };
    const grown = unit < 6 ? { x: box.x - 1, y: box.y - 1, width: unit + 2, height: unit + 2 } : box;
    outline(context, ratio, grown, false, getComputedStyle(element));
  }

  /** One line joins the map's pixel to the patch that it sees. @param {InspectorView} v @param {ReturnType<typeof fieldOf>} field */
  function paintJoin(v, field) {
    const width = pictures.clientWidth;
    const { context, ratio } = sizeCanvas(join, width, side());
    context.clearRect(0, 0, join.width, join.height);
    const from = onPhoto(v, field.seen);
    const unit = side() / v.stage.shape[2];
    const offset = map.offsetLeft - photo.offsetLeft;
    if (map.offsetTop !== photo.offsetTop) return;
    const styles = getComputedStyle(element);
    const stroke = Number(styles.getPropertyValue("--stroke"));
    const [x1, y1] = [from.x + from.width + 1, from.y + from.height / 2];
    const [x2, y2] = [offset + v.place.column * unit - 1, (v.place.row + 0.5) * unit];
    for (const [colour, line] of /** @type {[string, number][]} */ ([["rgba(255, 255, 255, 0.75)", 1.5 * stroke], [styles.getPropertyValue("--marker"), stroke / 2]])) {
      context.strokeStyle = colour;
      context.lineWidth = line * ratio;
      context.beginPath();
      context.moveTo(x1 * ratio, y1 * ratio);
      context.lineTo(x2 * ratio, y2 * ratio);
      context.stroke();
    }
  }

  /** @param {InspectorView} v @param {ReturnType<typeof fieldOf>} field */
  function paintField(v, field) {
    const hasFilter = v.filters !== null && (v.stage.name === "block1.conv" || v.stage.name === "block1.relu");
    const styles = getComputedStyle(element);
    const width = hasFilter ? Math.round(side() * 0.476) : Math.round(side() * 0.59);
    const { context } = sizeCanvas(patch, width, width);
    context.fillStyle = styles.getPropertyValue("--sunk");
    context.fillRect(0, 0, patch.width, patch.height);
    const unit = patch.width / v.stage.field;
    const { seen } = field;
    const [w, hgt] = [seen.right - seen.left + 1, seen.bottom - seen.top + 1];
    context.imageSmoothingEnabled = unit < 3;
    context.drawImage(seenCanvas(v.trace), seen.left, seen.top, w, hgt, (seen.left - field.left) * unit, (seen.top - field.top) * unit, w * unit, hgt * unit);
    times.hidden = filter.hidden = !hasFilter;
    if (hasFilter && v.filters) paintFilter(v.filters, v.channel, width);
    const clipped = w < v.stage.field || hgt < v.stage.field;
    fill(fieldTitle, "Receptive field ", h("span", { class: "quiet" }, `${v.stage.field} × ${v.stage.field} px`));
    const rows = `${seen.top}–${seen.bottom}`;
    const columns = `${seen.left}–${seen.right}`;
    setText(fieldNote, hasFilter ? `rows ${rows}, columns ${columns}${clipped ? ", clipped" : ""}` : "");
    fill(
      beside,
      hasFilter ? null : [["rows", rows], ["columns", columns], ["one step", `${v.stage.jump} px`]].map(([name, value]) => h("p", {}, name, h("b", {}, value))),
      !hasFilter && clipped ? h("p", {}, "clipped at the border") : null,
    );
  }

  /** Zero is mid grey; the three input channels are red, green and blue. @param {{values: Float32Array, shape: number[]}} filters @param {number} channel @param {number} width */
  function paintFilter(filters, channel, width) {
    const [, inputs, k] = filters.shape;
    const { context } = sizeCanvas(filter, width, width);
    const own = filters.values.subarray(channel * inputs * k * k, (channel + 1) * inputs * k * k);
    let largest = 0;
    for (const value of own) largest = Math.max(largest, Math.abs(value));
    const small = document.createElement("canvas");
    [small.width, small.height] = [k, k];
    const target = /** @type {CanvasRenderingContext2D} */ (small.getContext("2d"));
    const picture = target.createImageData(k, k);
    for (let i = 0; i < k * k; i += 1) {
      for (let c = 0; c < 3; c += 1) picture.data[i * 4 + c] = 127.5 + (127.5 * own[(c % inputs) * k * k + i]) / (largest || 1);
      picture.data[i * 4 + 3] = 255;
    }
    target.putImageData(picture, 0, 0);
    context.drawImage(small, 0, 0, filter.width, filter.height);
    filter.setAttribute("aria-label", `Filter ${channel} of block 1, ${k} × ${k}, zero is mid grey, largest weight ${number(largest)}`);
  }

  /** @param {InspectorView} v */
  function paintValues(v) {
    const [channels, height, width] = v.stage.shape;
    const statistics = v.trace.statistics[v.stage.name];
    const [minimum, maximum, mean, zeros] = statistics.subarray(v.channel * 5, v.channel * 5 + 4);
    const size = height * width;
    const own = v.values?.subarray(v.channel * size, (v.channel + 1) * size) ?? null;
    const value = own ? own[v.place.row * width + v.place.column] : NaN;
    fill(valueTitle, `Row ${v.place.row}, column ${v.place.column}: `, own ? h("b", { class: "marked" }, number(value)) : "…");
    paintHistogram(own, minimum, maximum, value);
    setText(/** @type {Element} */ (ends.firstElementChild), number(Math.min(0, minimum)));
    setText(/** @type {Element} */ (ends.lastElementChild), number(maximum));
    const fact = (/** @type {string} */ name, /** @type {string} */ text, /** @type {string} */ extra = "") => h("div", {}, h("dt", {}, name), h("dd", {}, h("b", {}, text), extra ? ` ${extra}` : ""));
    facts.classList.toggle("dense", v.stage.signed || minimum !== 0);
    fill(
      facts,
      fact("maximum", number(maximum), `rank ${count(rankByMaximum(statistics, v.channel))} of ${channels}`),
      v.stage.signed || minimum !== 0 ? fact("minimum", number(minimum)) : null,
      fact("mean", number(mean)),
      fact("zeros", percent(zeros)),
    );
  }

  /** @param {Float32Array | null} own @param {number} minimum @param {number} maximum @param {number} value */
  function paintHistogram(own, minimum, maximum, value) {
    const { context, ratio } = sizeCanvas(histogram, side(), Math.round(side() * 0.225));
    const styles = getComputedStyle(element);
    context.clearRect(0, 0, histogram.width, histogram.height);
    const bins = 38;
    const [low, span] = [Math.min(0, minimum), maximum - Math.min(0, minimum) || 1];
    const counts = new Array(bins).fill(0);
    for (const each of own ?? []) if (Number.isFinite(each)) counts[Math.max(0, Math.min(bins - 1, Math.floor(((each - low) / span) * bins)))] += 1;
    // The square root keeps the many zeros from hiding everything else; the words below carry the exact shares.
    const tallest = Math.sqrt(Math.max(1, ...counts));
    const step = histogram.width / bins;
    context.fillStyle = styles.getPropertyValue("--bar");
    counts.forEach((each, bin) => {
      const height = Math.ceil((Math.sqrt(each) / tallest) * (histogram.height - ratio));
      context.fillRect(Math.round(bin * step), histogram.height - height, Math.max(1, Math.round(step - ratio)), height);
    });
    context.fillStyle = styles.getPropertyValue("--line-strong");
    context.fillRect(0, histogram.height - ratio, histogram.width, ratio);
    if (Number.isFinite(value)) {
      context.fillStyle = styles.getPropertyValue("--marker");
      context.fillRect(Math.min(histogram.width - 2 * ratio, ((value - low) / span) * histogram.width), 0, 1.5 * ratio, histogram.height);
    }
    histogram.setAttribute("aria-label", `Histogram of this channel's values from ${number(low)} to ${number(maximum)}, heights by square root`);
    histogram.title = "How often each value occurs on this map; heights by square root";
  }

  /** The other cut through the tensor. @param {InspectorView} v */
  function paintColumn(v) {
    const [channels, height, width] = v.stage.shape;
    const total = 2 * side() + 16;
    const { context, ratio } = sizeCanvas(bars, Math.min(total, element.clientWidth || total), Math.round(side() * 0.2));
    const styles = getComputedStyle(element);
    context.clearRect(0, 0, bars.width, bars.height);
    if (!v.values) return;
    const here = new Float32Array(channels);
    for (let c = 0; c < channels; c += 1) here[c] = v.values[(c * height + v.place.row) * width + v.place.column];
    const { low, high, responding } = extent(here);
    const step = bars.width / channels;
    const unit = (bars.height - ratio) / (high - low || 1);
    const zero = bars.height - ratio + low * unit;
    here.forEach((value, c) => {
      if (!Number.isFinite(value)) return;
      context.fillStyle = styles.getPropertyValue(c === v.channel ? "--marker" : "--bar");
      const top = zero - Math.max(0, value) * unit;
      const wide = c === v.channel ? Math.max(2 * ratio, step - ratio) : Math.max(1, step - ratio);
      context.fillRect(Math.round(c * step), top, Math.round(wide), Math.max(value === 0 ? 0 : ratio, Math.abs(value) * unit));
    });
    context.fillStyle = styles.getPropertyValue("--line-strong");
    context.fillRect(0, Math.round(zero), bars.width, ratio);
    labelColumn(v, here, responding, bars.width / ratio / channels);
  }

  /** @param {InspectorView} v @param {Float32Array} here @param {number} responding @param {number} step */
  function labelColumn(v, here, responding, step) {
    const channels = here.length;
    setText(columnTitle, `All ${channels} channels at this place`);
    setText(respond, v.stage.signed ? `${responding} above zero` : `${responding} respond`);
    const peaks = Array.from(here.keys()).sort((a, b) => here[b] - here[a]).slice(0, 6);
    const shown = [v.channel];
    for (const c of peaks) if (here[c] > 0 && shown.length < 4 && shown.every((other) => Math.abs(other - c) * step > 30)) shown.push(c);
    fill(barLabels, shown.map((c) => h("span", { class: c === v.channel ? "marked" : "", style: `left:${(c + 0.5) * step}px` }, c)));
    const best = peaks.slice(0, 3).map((c) => `channel ${c} with ${number(here[c])}`).join(", ");
    bars.setAttribute("aria-label", `All ${channels} channels at row ${v.place.row}, column ${v.place.column}. ${responding} above zero. Strongest: ${best}`);
  }

  return {
    element,
    /** @param {InspectorView} next */
    update(next) {
      view = next;
      const { stage, place, trace } = next;
      const field = fieldOf(stage, place.row, place.column, trace.header.input.size);
      fill(photoTitle, "Photo ", h("span", { class: "quiet" }, next.whole ? "as it came" : "as the network sees it"));
      setText(wholeButton, next.whole ? "network's view" : "original");
      wholeButton.classList.toggle("on", next.whole);
      wholeButton.setAttribute("aria-pressed", String(next.whole));
      fill(mapTitle, h("b", { class: "marked" }, `Channel ${next.channel}`), " ", h("span", { class: "quiet" }, next.held ? `${stageTitle(stage.name)}, held` : shape(stage.shape.slice(1))));
      paintPhoto(next, field);
      paintMap(next);
      paintJoin(next, field);
      paintField(next, field);
      paintValues(next);
      paintColumn(next);
      const { photo: own, input } = trace.header;
      const shown = next.whole ? `as it came, ${own.width} × ${own.height} pixels` : `as the network sees it, ${input.size} × ${input.size} pixels`;
      photo.setAttribute("aria-label", `${own.title}, ${shown}; outlined: rows ${field.seen.top} to ${field.seen.bottom}, columns ${field.seen.left} to ${field.seen.right}`);
      map.setAttribute("aria-label", describeMap(next));
    },
  };
}

/** @param {Float32Array} values @returns {{low: number, high: number, responding: number}} */
function extent(values) {
  let [low, high, responding] = [0, 0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    [low, high] = [Math.min(low, value), Math.max(high, value)];
    if (value > 0) responding += 1;
  }
  return { low, high, responding };
}

/** A canvas needs words: name, shape, range, strongest three places. @param {InspectorView} v @returns {string} */
function describeMap(v) {
  const [, height, width] = v.stage.shape;
  const size = height * width;
  const own = v.values?.subarray(v.channel * size, (v.channel + 1) * size);
  if (!own) return `${v.title}, channel ${v.channel}, loading`;
  const places = Array.from(own.keys()).sort((a, b) => own[b] - own[a]).slice(0, 3);
  const words = places.map((i) => `row ${Math.floor(i / width)}, column ${i % width}: ${number(own[i])}`).join("; ");
  return `${v.title}, channel ${v.channel}, ${height} × ${width} values, drawn from ${number(v.bounds.low)} to ${number(v.bounds.high)}. Strongest: ${words}`;
}
