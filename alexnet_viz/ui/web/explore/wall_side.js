/** The left of the page: the open stage's title and tools, one sentence, the legend, and the panel with its maps. */
import { fill, h, setText } from "../lib/dom.js";
import { groupOf, groupTitle, kindTitle, shape, stageTitle } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { createWall } from "../maps/wall.js";
import { createLongPick } from "../lib/long_pick.js";
import { createPick } from "../lib/picker.js";
import { createPopover } from "../lib/popover.js";
import { copyAddress } from "../shell/copy_address.js";
import { createChoosing } from "./choosing.js";
import { createChannelView } from "./channel_view.js";
import { channelViewOf, photoRowView, unitsView, wallView } from "./panel_views.js";
import { createFilterWall } from "./filter_wall.js";
import { createPhotoRow } from "./photo_row.js";
import { createPhotoView } from "./photo_view.js";
import { createRangeMenu } from "./range_menu.js";
import { createSave, photoWords } from "./save.js";
import { createShapes } from "./shape_table.js";
import { ORDERS } from "./state.js";
import { createUnits } from "./units.js";
import { titleOf, unitCount } from "./words.js";

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
  const shapes = createShapes(frame);
  const save = createSave(frame);
  const rangeMenu = createRangeMenu(set);
  const orderPick = createPick(gettext("order"), (order) => set({ order }));
  const classPick = createLongPick(gettext("class"), (unit) => set({ channel: unit }));
  const shapeButton = h("button", {
    class: "light",
    type: "button",
    title: gettext("The shapes of all stages, with their arithmetic"),
    onclick: openShapes,
  });
  const title = h("h2", {});
  const segments = h("div", { class: "segments", role: "group", "aria-label": gettext("Stages of this block") });
  const photosButton = h(
    "button",
    {
      class: "button quiet",
      type: "button",
      title: gettext("The selected channel on every photo, side by side"),
      onclick: () => set({ view: view()?.panel === "photos" ? "wall" : "photos" }),
    },
    gettext("All photos"),
  );
  const filtersButton = h(
    "button",
    {
      class: "button quiet",
      type: "button",
      title: gettext("The filters of the first convolution, in colour"),
      onclick: () => set({ view: view()?.panel === "filters" ? "wall" : "filters" }),
    },
    gettext("Filters"),
  );
  const savePanel = h("div", { class: "menu", role: "group", "aria-label": gettext("Save") });
  const saveMenu = createPopover(
    h(
      "button",
      { class: "button quiet chevron", type: "button", title: gettext("Pictures, numbers, the table") },
      gettext("Save"),
    ),
    savePanel,
    () => fill(savePanel, saveButtons()),
  );
  const choosing = createChoosing(alter, toggleChannel);
  const empty = h("div", { class: "empty", hidden: true });
  classPick.element.hidden = segments.hidden = true; // until a stage is known
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
    h(
      "div",
      { class: "wall-head" },
      h("div", { class: "wall-title" }, title, segments),
      h(
        "div",
        { class: "wall-tools" },
        classPick.element,
        orderPick.element,
        filtersButton,
        photosButton,
        saveMenu.element,
      ),
    ),
    h("div", { class: "wall-line" }, choosing.element, rangeMenu.element),
    views,
  );
  /** @type {{row: number, column: number} | null} */
  let pointed = null;

  function toggleChannel() {
    const now = view();
    if (now?.stage && now.panel === "wall") alter.toggle(now.channel(now.stage));
  }

  function openShapes() {
    const now = view();
    if (now) void shapes.open(now.shown.subject, now.trace.header.checkpoint.title);
  }

  /** @param {View} now */
  function drawHead(now) {
    const { stage, state } = now;
    const group = groupOf(state.stage);
    const size = now.trace.header.input.size;
    const words = { units: unitCount(stage?.shape[0] ?? 0, group), photo: shape([3, size, size]) };
    setText(shapeButton, now.panel === "units" || now.panel === "photo" ? words[now.panel] : shape(stage?.shape ?? []));
    if (shapeButton.parentElement !== title) fill(title, h("span", {}), " ", shapeButton);
    setText(/** @type {Element} */ (title.firstElementChild), groupTitle(group));
    const names = now.stagesOf(group);
    segments.hidden = names.length < 2;
    fill(
      segments,
      names.map((name) =>
        h(
          "button",
          { type: "button", "aria-pressed": String(name === state.stage), onclick: () => actions.openStage(name) },
          kindTitle(name),
        ),
      ),
    );
    const orders = ORDERS.filter((order) => now.hasPlaces || order === "index" || order === "maximum");
    orderPick.update(
      orders.map((order) => ({ value: order, title: titleOf(order) })),
      orders.includes(state.order) ? state.order : "maximum",
    );
    drawClassPick(now);
    orderPick.element.hidden = now.panel !== "wall" && now.panel !== "units";
    filtersButton.hidden = !now.hasFilters;
    filtersButton.setAttribute("aria-pressed", String(now.panel === "filters"));
    photosButton.hidden = !now.hasPlaces;
    photosButton.setAttribute("aria-pressed", String(now.panel === "photos"));
    saveMenu.element.hidden = !stage;
    choosing.update(now, actions.photos().length);
    drawLegend(now);
  }

  /** A thousand classes are found by their names. @param {View} now */
  function drawClassPick(now) {
    const { stage, panel } = now;
    classPick.element.hidden = panel !== "units" || stage?.name !== "logits" || now.hasBars;
    if (stage && !classPick.element.hidden)
      classPick.update(
        now.trace.header.checkpoint.classes.map((name, unit) => ({ value: String(unit), title: name })),
        String(now.channel(stage)),
      );
  }

  /** @param {View} now */
  function drawLegend(now) {
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
        h(
          "p",
          {},
          gettext("All {count} channels are silent on this photo, and silent ones are hidden.", {
            count: stage.shape[0],
          }),
        ),
        h(
          "button",
          { class: "button", type: "button", onclick: () => set({ silent: "shown" }) },
          gettext("Show silent channels"),
        ),
      );
    else if (panel === "wall") wall.update(wallView(now, stage, alter.chosen));
    else if (panel === "filters") filterWall.update({ filters: now.shown.filters, selected: now.channel(stage) });
    else if (panel === "units") units.update(unitsView(now, stage));
    else if (panel === "channel") channelView.update(channelViewOf(now, stage, pointed));
    else photoRow.update(photoRowView(now, stage, actions.photos()));
  }

  /** What the panel shows as a picture, and what it is of. @param {View} now @param {Stage} stage @returns {import("./save.js").Panel | null} */
  function picturePanel(now, stage) {
    const range = now.range(stage);
    const [photos, all] = [photoWords(now), now.channels(stage).length];
    const [shown, isWhole] = [{ shown: all, total: stage.shape[0] }, all === stage.shape[0]];
    if (now.panel === "wall")
      return all
        ? {
            title: gettext("The wall, picture"),
            file: "wall",
            words: isWhole ? gettext("all {total} channels", shown) : gettext("{shown} of {total} channels", shown),
            photos,
            range,
            picture: () => wall.picture(),
          }
        : null;
    if (now.panel === "filters")
      return {
        title: gettext("The filters, picture"),
        file: "filters",
        words: gettext("{count} filters", { count: stage.shape[0] }),
        photos: gettext("weights"),
        range: null,
        picture: () => filterWall.picture(),
      };
    if (now.hasBars)
      return {
        title: gettext("All classes, picture"),
        file: "classes",
        words: gettext("all classes"),
        photos,
        range: null,
        picture: () => units.picture(),
      };
    if (now.panel === "units")
      return {
        title: gettext("All units, picture"),
        file: "wall",
        words: isWhole ? gettext("all {total} units", shown) : gettext("{shown} of {total} units", shown),
        photos,
        range,
        picture: () => units.picture(),
      };
    const { traces } = photoRow;
    if (now.panel !== "photos" || !traces.length) return null;
    const channel = now.channel(stage);
    const [drawn, of] = [traces.length, actions.photos().length];
    const many =
      drawn === of
        ? gettext("{count} photos", { count: of })
        : gettext("{shown} of {total} photos", { shown: drawn, total: of });
    return {
      title: gettext("All photos, picture"),
      file: `channel-${channel}-all-photos`,
      words: gettext("channel {channel}", { channel }),
      photos: many,
      range: now.range(stage, traces),
      picture: () => photoRow.picture(),
    };
  }

  function saveButtons() {
    const now = view();
    if (!now?.stage) return [];
    const context = { view: now, stage: now.stage, panel: picturePanel(now, now.stage) };
    const copy = { title: gettext("Copy the address"), action: () => void copyAddress(frame, actions.onlyHere()) };
    return [...save.items(context), copy].map((item) =>
      h("button", { type: "button", onclick: () => void (saveMenu.close(), item.action()) }, item.title),
    );
  }

  function draw() {
    const now = view();
    if (now) keepInRoom(now, () => void (drawPanel(now), drawHead(now)));
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
    openSave: () => saveMenu.open(),
    get columns() {
      const now = view();
      if (now?.panel === "filters") return filterWall.columns;
      return now?.hasPlaces ? wall.columns : units.columns;
    },
    /** The frame and empty slots stand at once, at their right size. @param {number[]} slots @param {string} stage */
    wait(slots, stage) {
      fill(title, groupTitle(groupOf(stage)), " ", h("span", { class: "light" }, shape(slots)));
      showPanel("wall");
      wall.wait(slots, stageTitle(stage));
    },
    /** Only the selection has changed: nothing is painted anew but the marks. */
    drawSelection() {
      const now = view();
      if (!now?.stage || now.panel !== "wall") return draw();
      wall.select(now.channel(now.stage), alter.chosen);
      keepInRoom(now, () => void (choosing.update(now, actions.photos().length), drawLegend(now)));
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
