/** The head of the left side: the open stage's title and its block's stages, then class, order, filters, photos and Save. */
import { fill, h, setText } from "../lib/dom.js";
import { groupOf, groupTitle, kindTitle, shape } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { createLongPick } from "../lib/long_pick.js";
import { createPick } from "../lib/picker.js";
import { createSaveMenu } from "./save_menu.js";
import { createShapeTable } from "./shape_table.js";
import { ORDERS } from "./state.js";
import { titleOf, unitCount } from "./words.js";

/** @typedef {import("./selection.js").View} View */

/**
 * @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame
 * @param {Pick<import("./wall_side.js").Actions, "set" | "view" | "openStage" | "onlyHere">} actions
 * @param {import("./save_menu.js").PictureOf} pictureOf
 */
export function createWallHead(frame, actions, pictureOf) {
  const { set, view } = actions;
  const shapes = createShapeTable(frame);
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
  const saveMenu = createSaveMenu(frame, { view, pictureOf, onlyHere: actions.onlyHere });
  classPick.element.hidden = segments.hidden = true; // until a stage is known
  const element = h(
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
  );

  function openShapes() {
    const now = view();
    if (now) void shapes.open(now.shown.subject, now.trace.header.checkpoint.title);
  }

  /** @param {View} now */
  function update(now) {
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

  return {
    element,
    update,
    /** Until a stage is known. @param {number[]} slots none where nothing is known of them @param {string} stage */
    wait(slots, stage) {
      fill(title, groupTitle(groupOf(stage)), " ", h("span", { class: "light" }, slots.length ? shape(slots) : ""));
    },
    openSave: saveMenu.open,
  };
}
