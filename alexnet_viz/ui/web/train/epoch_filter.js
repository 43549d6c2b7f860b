/** A filter of the first block at the epoch on the screen, large, or all of them. */
import { emptySquare, h, setText } from "../lib/dom.js";
import { shape } from "../lib/format.js";
import { gettext, gettextNodes } from "../lib/language.js";
import { filterCanvas, filterShape } from "../maps/filter_canvas.js";
import { createNumberField } from "./number_field.js";

/** @typedef {import("./epoch_panel.js").MomentView} MomentView */

/** @param {{onFilter: (filter: string) => void}} actions */
export function createEpochFilter(actions) {
  const filter = h("canvas", {
    class: "moment-picture",
    role: "img",
    "aria-label": gettext("The filter of this epoch"),
  });
  const filterField = createNumberField(gettext("Filter"), (chosen) => actions.onFilter(String(chosen)));
  const filterLabel = h("label", {}, gettextNodes("Filter {number}", { number: filterField.element }));
  const filterWords = h("span", {});
  let lastFilter = "";
  const filterSwitch = h("button", {
    class: "link",
    type: "button",
    onclick: () => actions.onFilter(filterSwitch.dataset.to ?? ""),
  });
  const filterSize = h("span", {});
  const filterNote = h("p", { class: "note split" }, filterSize, filterSwitch);
  const element = h(
    "figure",
    {},
    h("h3", {}, filterLabel, filterWords, h("span", { class: "quiet" }, " ", gettext("of block 1"))),
    filter,
    filterNote,
  );

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
  function drawFilter(v) {
    const context = emptySquare(filter);
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

  return {
    element,
    /** @param {MomentView} v */
    update(v) {
      drawFilterChoice(v);
      drawFilter(v);
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
