/** The left of the page: the open stage's title and tools, one sentence, the legend, and the panel with its maps. */
import { fill, h } from "../lib/dom.js";
import { stageTitle } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { createWall } from "../maps/wall.js";
import { createChoosing } from "./choosing.js";
import { createChannelView } from "./channel_view.js";
import { panelPicture } from "./panel_picture.js";
import { channelViewOf, photoRowView, unitsView, wallView } from "./panel_views.js";
import { createFilterWall } from "./filter_wall.js";
import { createPhotoRow } from "./photo_row.js";
import { createPhotoView } from "./photo_view.js";
import { createRangeMenu } from "./range_menu.js";
import { createUnits } from "./units.js";
import { createWallHead } from "./wall_head.js";

/** @typedef {import("../server/api.js").Stage} Stage */
/** @typedef {import("../server/api.js").Photo} Photo */
/** @typedef {import("./selection.js").View} View */
/** @typedef {import("./state.js").Key} Key */
/**
 * @typedef {{set: (changes: Partial<Record<Key, string>>) => void, view: () => View | null, openStage: (stage: string) => void, openChannel: () => void,
 *   point: (place: {row: number, column: number} | null) => void, photos: () => Photo[], onlyHere: () => string[],
 *   alter: ReturnType<typeof import("./alter.js").createAlter>}} Actions
 * `onlyHere`: what the address cannot give to another tab
 */

/** @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame @param {Actions} actions */
export function createWallSide(frame, actions) {
  const { set, view, point, alter } = actions;
  const pin = (/** @type {number} */ row, /** @type {number} */ column, /** @type {boolean} */ pinned) =>
    pinned ? set({ place: `${row},${column}` }) : point({ row, column });
  const select = (/** @type {number} */ channel) => set({ channel: String(channel) });
  const wall = createWall({
    onHover(place) {
      alter.pointed(place?.channel ?? null);
      point(place);
    },
    onSelect({ channel, row, column }, isAdded) {
      if (!isAdded) alter.peek(channel);
      set({ channel: String(channel), place: `${row},${column}` });
      if (isAdded) alter.toggle(channel);
    },
    onOpen: actions.openChannel,
  });
  const units = createUnits({ onSelect: select });
  const photoView = createPhotoView({ onResize: (resize) => set({ resize }) });
  const channelView = createChannelView({
    onPlace: pin,
    onLeave: () => point(null),
    onBack: () => set({ view: "wall" }),
    onChannel: select,
  });
  const photoRow = createPhotoRow({ onPick: (photo) => set({ photo, view: "wall" }), onArrival: draw });
  const filterWall = createFilterWall({ onSelect: select, onOpen: () => set({ view: "wall" }) });
  const head = createWallHead(frame, actions, (now, stage) =>
    panelPicture(now, stage, { wall, filters: filterWall, units, photos: photoRow }, actions.photos().length),
  );
  const rangeMenu = createRangeMenu(set);
  const choosing = createChoosing(alter, toggleChannel);
  const empty = h("div", { class: "empty", hidden: true });
  const panels = {
    wall: wall.element,
    units: units.element,
    photo: photoView.element,
    channel: channelView.element,
    photos: photoRow.element,
    filters: filterWall.element,
  };
  const views = h("div", { class: "views" }, Object.values(panels), empty);
  const element = h(
    "section",
    { class: "wall-side", "aria-label": gettext("Feature maps") },
    head.element,
    h("div", { class: "wall-line" }, choosing.element, rangeMenu.element),
    views,
  );
  /** @type {{row: number, column: number} | null} */
  let pointed = null;

  function toggleChannel() {
    const now = view();
    if (now?.stage && now.panel === "wall") alter.toggle(now.channel(now.stage));
  }

  /** The sentence, or what can be done to selected channels, and the legend. @param {View} now */
  function drawLine(now) {
    choosing.update(now, actions.photos().length);
    rangeMenu.update(now, now.panel === "photos" && photoRow.traces.length ? photoRow.traces : [now.trace]);
  }

  /** @param {keyof typeof panels | null} shown */
  function showPanel(shown) {
    for (const [name, panel] of Object.entries(panels)) panel.hidden = name !== shown;
    empty.hidden = shown !== null;
  }

  /** @param {View} now */
  function isEmpty(now) {
    return now.panel === "wall" && now.stage !== null && now.channels(now.stage).length === 0;
  }

  /** @param {View} now */
  function drawPanel(now) {
    const { panel, stage } = now;
    showPanel(isEmpty(now) ? null : panel);
    if (!stage) return photoView.update({ trace: now.trace, original: now.shown.original });
    if (isEmpty(now))
      fill(
        empty,
        allSilent(stage.shape[0], () => set({ silent: "shown" })),
      );
    else if (panel === "wall") wall.update(wallView(now, stage, alter.chosen));
    else if (panel === "filters") filterWall.update({ filters: now.shown.filters, selected: now.channel(stage) });
    else if (panel === "units") units.update(unitsView(now, stage));
    else if (panel === "channel") channelView.update(channelViewOf(now, stage, pointed));
    else photoRow.update(photoRowView(now, stage, actions.photos()));
  }

  function draw() {
    const now = view();
    if (now) keepInRoom(now, () => void (drawPanel(now), head.update(now), drawLine(now)));
  }

  /** What is over the panel may take another line, and the panel is drawn for the room that it leaves. @param {View} now @param {() => void} change */
  function keepInRoom(now, change) {
    const room = views.clientHeight;
    change();
    if (views.clientHeight !== room) drawPanel(now);
  }

  return {
    element,
    /** Where notes and errors stand, over the maps. */
    views,
    draw,
    toggleChannel,
    openSave: head.openSave,
    get columns() {
      const now = view();
      if (now?.panel === "filters") return filterWall.columns;
      return now?.hasPlaces ? wall.columns : units.columns;
    },
    /** The frame and empty slots stand at once, at their right size. @param {number[]} slots none where nothing is known of them @param {string} stage */
    wait(slots, stage) {
      head.wait(slots, stage);
      showPanel(slots.length ? "wall" : null);
      if (slots.length) wall.wait(slots, stageTitle(stage));
      else fill(empty, h("p", { class: "late" }, gettext("Computing")));
    },
    /** Only the selection has changed: nothing is painted anew but the marks. */
    drawSelection() {
      const now = view();
      if (!now?.stage || now.panel !== "wall") return draw();
      wall.select(now.channel(now.stage), alter.chosen);
      keepInRoom(now, () => drawLine(now));
    },
    /** @param {{row: number, column: number} | null} place under the pointer, here or in the inspector */
    drawPointed(place) {
      pointed = place;
      const now = view();
      if (now?.stage && now.panel === "channel") channelView.update(channelViewOf(now, now.stage, pointed));
    },
    destroy: () => photoRow.destroy(),
  };
}

/** @param {number} count of channels @param {() => void} onclick */
function allSilent(count, onclick) {
  const words = gettext("All {count} channels are silent on this photo, and silent ones are hidden.", { count });
  return [
    h("p", {}, words),
    h("button", { class: "button", type: "button", onclick }, gettext("Show silent channels")),
  ];
}
