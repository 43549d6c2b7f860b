/** The inspector: photo and map side by side, the receptive field and the values below. */
import { createSpeaker, fill, h, setText } from "../lib/dom.js";
import { number, shape, stageTitle } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { fieldOf } from "../maps/receptive_field.js";
import { createChannelColumn } from "./channel_column.js";
import { createFieldPatch } from "./field_patch.js";
import { createPicturePair } from "./picture_pair.js";
import { createValueHistogram } from "./value_histogram.js";

/** @typedef {import("../server/api.js").Trace} Trace */
/** @typedef {import("../server/api.js").Stage} Stage */
/**
 * @typedef {{trace: Trace, stage: Stage, values: Float32Array | null, channel: number, place: {row: number, column: number},
 *   bounds: import("../lib/colour.js").Bounds, table: Uint32Array, filters: import("../server/api.js").Filters | null, held: boolean,
 *   original: HTMLImageElement | null, whole: boolean, pointing: boolean, isOpen: boolean, title: string}} InspectorView
 * `held`: it stays while another stage is open; `isOpen`: the same channel stands large beside it
 */

/**
 * @param {{onPlace: (row: number, column: number, pinned: boolean) => void, onLeave: () => void, onOpen: () => void, onUnit: () => void,
 *   onHold: () => void, onChannel: (channel: number) => void, onWhole: (whole: boolean) => void}} actions
 */
export function createInspector(actions) {
  const photoTitle = h("h3", {});
  const wholeButton = h("button", {
    class: "link",
    type: "button",
    onclick: () => actions.onWhole(wholeButton.getAttribute("aria-pressed") !== "true"),
  });
  const mapTitle = h("h3", {});
  const holdButton = h("button", {
    class: "link",
    type: "button",
    title: gettext("Keep this channel here while another stage is open"),
    onclick: () => actions.onHold(),
  });
  const openButton = h(
    "button",
    {
      class: "link",
      type: "button",
      title: gettext("Open channel: every value of it, large (Enter)"),
      onclick: () => actions.onOpen(),
    },
    gettext("Open →"),
  );
  const speaker = createSpeaker();
  const pair = createPicturePair({
    onLeave: actions.onLeave,
    onPlace(row, column, pinned) {
      say(row, column);
      actions.onPlace(row, column, pinned);
    },
  });
  const field = createFieldPatch();
  const histogram = createValueHistogram(actions.onUnit);
  const column = createChannelColumn(actions.onChannel);
  const element = h(
    "section",
    { class: "inspector", "aria-label": gettext("Inspector") },
    h(
      "div",
      { class: "pair titles" },
      h("div", { class: "title-row" }, photoTitle, wholeButton),
      h("div", { class: "title-row" }, mapTitle, h("div", { class: "row" }, holdButton, openButton)),
    ),
    pair.element,
    h("div", { class: "pair details" }, field.element, histogram.element),
    column.element,
    speaker.element,
  );
  /** @type {InspectorView | null} */
  let view = null;

  /** @param {number} row @param {number} column */
  function say(row, column) {
    if (!view?.values) return;
    const [, height, width] = view.stage.shape;
    const value = number(view.values[(view.channel * height + row) * width + column]);
    speaker.say(
      gettext("channel {channel}, row {row}, column {column}: {value}", { channel: view.channel, row, column, value }),
    );
  }

  return {
    element,
    pictures: pair.element,
    /** @param {InspectorView} next */
    update(next) {
      view = next;
      const { stage, place, trace } = next;
      const side = parseFloat(getComputedStyle(element).getPropertyValue("--picture")) || 227;
      const seen = fieldOf(stage, place.row, place.column, trace.header.input.size);
      fill(
        photoTitle,
        gettext("Photo"),
        " ",
        h("span", { class: "quiet" }, next.whole ? gettext("as it came") : gettext("as the network sees it")),
      );
      setText(wholeButton, next.whole ? gettext("network's view") : gettext("original"));
      wholeButton.setAttribute("aria-pressed", String(next.whole));
      setText(holdButton, next.held ? gettext("Let go") : gettext("Hold"));
      holdButton.setAttribute("aria-pressed", String(next.held));
      openButton.hidden = next.held || next.isOpen;
      fill(
        mapTitle,
        h("b", { class: "marked" }, gettext("Channel {channel}", { channel: next.channel })),
        " ",
        h(
          "span",
          { class: "quiet" },
          next.held ? gettext("{stage}, held", { stage: stageTitle(stage.name) }) : shape(stage.shape.slice(1)),
        ),
      );
      pair.update(next, seen, side);
      field.update(next, seen, side);
      histogram.update(next, side);
      column.update(next, side);
    },
  };
}
