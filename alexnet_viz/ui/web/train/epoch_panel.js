/** The epoch on the screen, large: photo, map, filter, prediction. */
import { pictureAddress } from "../server/api.js";
import { mapCanvas } from "../lib/colour.js";
import { fill, h, setText, sizeCanvas } from "../lib/dom.js";
import { filterCanvas, filterShape } from "../maps/filter_canvas.js";
import { strongest } from "../maps/ranking.js";
import { groupTitle, number, shape, topPercents } from "../lib/format.js";
import { gettext, gettextNodes } from "../lib/language.js";

/** @typedef {import("./replay.js").Frame} Frame */
/**
 * @typedef {{photo: {id: string, title: string}, epoch: number | null, frame: Frame | null, about: import("./replay.js").About | null, stage: string, channel: number,
 *   bounds: import("../lib/colour.js").Bounds, table: Uint32Array, filter: number | "all", filterLimits: Float32Array, target: number, playing: boolean, canPlay: boolean}} MomentView
 */

const SHOWN = 5;

/** @param {{onPlay: () => void, onStage: (stage: string) => void, onChannel: (channel: number) => void, onFilter: (filter: string) => void, onTarget: (target: number) => void, onOpen: () => void}} actions */
export function createMoment(actions) {
  const play = h("button", { class: "play", type: "button", onclick: actions.onPlay });
  const photo = h("img", { class: "moment-picture", alt: "" });
  const map = h("canvas", {
    class: "moment-picture marked-picture",
    role: "img",
    "aria-label": gettext("The map of this epoch"),
  });
  const filter = h("canvas", {
    class: "moment-picture",
    role: "img",
    "aria-label": gettext("The filter of this epoch"),
  });
  const stagePick = h("select", {
    class: "plain-select",
    "aria-label": gettext("Block"),
    onchange: () => actions.onStage(stagePick.value),
  });
  const channelField = createNumber(gettext("Channel"), actions.onChannel);
  const filterField = createNumber(gettext("Filter"), (chosen) => actions.onFilter(String(chosen)));
  const filterLabel = h("label", {}, gettextNodes("Filter {number}", { number: filterField.element }));
  const filterWords = h("span", {});
  let lastFilter = "";
  const filterSwitch = h("button", {
    class: "link",
    type: "button",
    onclick: () => actions.onFilter(filterSwitch.dataset.to ?? ""),
  });
  const photoNote = h("p", { class: "note" });
  const mapNote = h("p", { class: "note" });
  const filterSize = h("span", {});
  const filterNote = h("p", { class: "note split" }, filterSize, filterSwitch);
  const title = h("h3", {});
  const link = h("button", { class: "link", type: "button", onclick: actions.onOpen }, gettext("Open in Explore →"));
  const bars = h("div", { class: "moment-bars" });
  const element = h(
    "section",
    { class: "moment", "aria-label": gettext("This epoch") },
    play,
    h("figure", {}, h("h3", {}, gettext("Photo")), photo, photoNote),
    h(
      "figure",
      {},
      h("h3", {}, stagePick, ", ", h("label", {}, gettextNodes("channel {number}", { number: channelField.element }))),
      map,
      mapNote,
    ),
    h(
      "figure",
      {},
      h("h3", {}, filterLabel, filterWords, h("span", { class: "quiet" }, " ", gettext("of block 1"))),
      filter,
      filterNote,
    ),
    h("div", { class: "moment-prediction" }, h("div", { class: "title-row" }, title, link), bars),
  );

  /** @param {MomentView} v */
  function drawMap(v) {
    const side = map.clientWidth || 128;
    const { context } = sizeCanvas(map, side, side);
    map.style.removeProperty("width");
    map.style.removeProperty("height");
    context.clearRect(0, 0, map.width, map.height);
    const [, height, width] = v.about?.stages[v.stage] ?? [0, 0, 0];
    map.classList.toggle("waiting", !v.frame);
    if (!v.frame || !height) return setText(mapNote, v.epoch === null ? "" : gettext("computing"));
    context.drawImage(
      mapCanvas(v.frame.map, { offset: 0, height, width }, v.bounds, v.table),
      0,
      0,
      map.width,
      map.height,
    );
    const largest = v.frame.map.reduce((most, value) => Math.max(most, value), 0);
    setText(
      mapNote,
      gettext("{height} × {width}, up to {largest} of {most}", {
        height,
        width,
        largest: number(largest),
        most: number(v.bounds.high),
      }),
    );
    mapNote.title = gettext("The largest value here, of the largest after any epoch; one colour range for all epochs");
    map.setAttribute(
      "aria-label",
      gettext("{block}, channel {channel} at epoch {epoch}: largest value {largest}", {
        block: groupTitle(v.stage.split(".")[0]),
        channel: v.channel,
        epoch: v.epoch ?? "",
        largest: number(largest),
      }),
    );
  }

  /** @param {MomentView} v */
  function drawFilter(v) {
    const side = filter.clientWidth || 128;
    const { context } = sizeCanvas(filter, side, side);
    filter.style.removeProperty("width");
    filter.style.removeProperty("height");
    context.clearRect(0, 0, filter.width, filter.height);
    filter.classList.toggle("waiting", !v.frame);
    filterNote.hidden = !v.frame;
    if (!v.frame || !v.about) return;
    const { filters } = v.frame;
    const count = v.about.filters;
    const { channels, k } = filterShape(filters.length / count);
    const picture = (/** @type {number} */ i) =>
      filterCanvas(
        filters.subarray((i * filters.length) / count, ((i + 1) * filters.length) / count),
        v.filterLimits[i],
      );
    if (v.filter === "all") drawGrid(context, filter.width, count, picture);
    else context.drawImage(picture(Math.max(0, v.filter)), 0, 0, filter.width, filter.height);
    setText(filterSize, gettext("{size}, grey is 0", { size: shape([k, k, channels]) }));
    filterNote.title = gettext(
      "Zero is grey; each filter fills the range with the largest weight that it has after any epoch",
    );
    filter.setAttribute(
      "aria-label",
      v.filter === "all"
        ? gettext("All {n} filters of block 1 at epoch {epoch}, {k} by {k} pixels", {
            n: count,
            epoch: v.epoch ?? "",
            k,
          })
        : gettext("Filter {n} of block 1 at epoch {epoch}, {k} by {k} pixels", {
            n: v.filter,
            epoch: v.epoch ?? "",
            k,
          }),
    );
  }

  /** @param {MomentView} v */
  function drawFilterChoice(v) {
    const isAll = v.filter === "all";
    if (v.filter !== "all") lastFilter = v.filter < 0 ? "" : String(v.filter);
    filterLabel.hidden = isAll;
    setText(filterWords, isAll ? gettext("All {n} filters", { n: v.about?.filters ?? 96 }) : "");
    setText(filterSwitch, isAll ? gettext("one") : gettext("all"));
    filterSwitch.setAttribute("aria-label", isAll ? gettext("Show one filter") : gettext("Show all filters"));
    filterSwitch.dataset.to = isAll ? lastFilter : "all";
    filterField.update(v.filter === "all" ? -1 : v.filter, v.about?.filters ?? 1);
  }

  /** @param {MomentView} v */
  function drawBars(v) {
    const shares = v.frame?.probabilities;
    const classes = v.about?.classes ?? [];
    if (!shares)
      return (
        delete bars.dataset.key &&
        fill(
          bars,
          Array.from({ length: SHOWN }, () =>
            h("div", { class: "moment-bar waiting" }, h("span", {}), h("span", { class: "bar-track" }), h("span", {})),
          ),
        )
      );
    const key = JSON.stringify([v.epoch, v.target, classes, shares[0], shares[1]]);
    if (bars.dataset.key === key) return undefined; // or the focus would be lost every second
    bars.dataset.key = key;
    const order = strongest(shares, SHOWN);
    const words = topPercents(
      order.map((i) => shares[i]),
      classes.length,
    );
    return fill(
      bars,
      order.map((i, rank) =>
        h(
          "button",
          {
            class: `moment-bar${rank === 0 ? " first" : ""}${i === v.target ? " target" : ""}`,
            type: "button",
            title: gettext("Draw p({name}) under the film", { name: classes[i] }),
            "aria-pressed": String(i === v.target),
            onclick: () => actions.onTarget(i),
          },
          h("span", { class: "bar-name" }, classes[i] ?? String(i)),
          h(
            "span",
            { class: "bar-track" },
            h("span", { class: "bar-fill", style: `width:${(shares[i] * 100).toFixed(1)}%` }),
          ),
          h("span", { class: "bar-value" }, words[rank]),
        ),
      ),
    );
  }

  /** @param {MomentView} v */
  function drawChoices(v) {
    const stages = Object.keys(v.about?.stages ?? { [v.stage]: [] });
    if (stagePick.dataset.known !== stages.join()) {
      stagePick.dataset.known = stages.join();
      fill(
        stagePick,
        stages.map((name) => h("option", { value: name }, groupTitle(name.split(".")[0]))),
      );
    }
    stagePick.value = v.stage;
    channelField.update(v.channel, v.about?.stages[v.stage]?.[0] ?? 1);
    drawFilterChoice(v);
  }

  return {
    element,
    /** @param {MomentView} v */
    update(v) {
      play.disabled = !v.canPlay;
      play.setAttribute("aria-label", v.playing ? gettext("Pause") : gettext("Play"));
      play.title = v.canPlay ? "" : gettext("There is something to play after the first epoch");
      play.classList.toggle("playing", v.playing);
      const source = pictureAddress(v.photo.id, 640);
      if (photo.src !== source) photo.src = source;
      photo.alt = v.photo.title;
      setText(photoNote, gettext("as the network sees it"));
      drawChoices(v);
      setText(
        title,
        v.epoch === null ? gettext("Prediction") : gettext("Prediction at epoch {epoch}", { epoch: v.epoch }),
      );
      link.hidden = v.epoch === null;
      drawMap(v);
      drawFilter(v);
      drawBars(v);
    },
  };
}

/** A number set as text that can be typed over or stepped. @param {string} label @param {(value: number) => void} onChange */
function createNumber(label, onChange) {
  const input = h("input", { class: "plain-number", type: "number", min: "0", step: "1", "aria-label": label });
  input.addEventListener("change", () => {
    const value = Math.round(Number(input.value));
    if (value >= 0 && value <= Number(input.max)) onChange(value);
  });
  return {
    element: input,
    /** @param {number} value @param {number} count */
    update(value, count) {
      input.max = String(count - 1);
      const root = /** @type {Document | ShadowRoot} */ (input.getRootNode());
      if (root.activeElement !== input) input.value = value < 0 ? "" : String(value);
      input.style.width = `${Math.max(2, input.value.length) + 0.6}ch`;
    },
  };
}

/** Small pictures in rows, as square as it goes. @param {CanvasRenderingContext2D} context @param {number} width device pixels @param {number} count @param {(i: number) => HTMLCanvasElement} picture */
function drawGrid(context, width, count, picture) {
  const columns = Math.ceil(Math.sqrt(count));
  const cell = Math.floor(width / columns);
  const left = Math.floor((width - columns * cell) / 2);
  for (let i = 0; i < count; i += 1)
    context.drawImage(
      picture(i),
      left + (i % columns) * cell,
      left + Math.floor(i / columns) * cell,
      cell - 1,
      cell - 1,
    );
}
