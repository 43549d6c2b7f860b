/** Pictures, tables and arrays of a comparison to be taken away. Each says of which photo, checkpoints and stage it is. */
import { fitAsBars } from "./class_bars.js";
import { address } from "../server/api.js";
import { channelRows } from "./tables.js";
import { mapCanvas, paintLegend } from "../lib/colour.js";
import { h } from "../lib/dom.js";
import { number, stageTitle } from "../lib/format.js";
import { csvBlob } from "../lib/csv.js";
import { gettext } from "../lib/language.js";
import { createDownloads, fileNameOf } from "../lib/downloads.js";

/** @typedef {import("../lib/colour.js").Bounds} Bounds */
/** @typedef {import("./difference.js").Comparison} Comparison */
/**
 * @typedef {{comparison: Comparison, stage: import("../server/api.js").Stage, classes: string[] | null, channel: number, channels: number[], walls: string, bounds: {shared: Bounds, difference: Bounds}, table: Uint32Array, differenceTable: Uint32Array}} Shown
 * @typedef {{view: string, photo: {name: string, title: string}, names: {a: string, b: string}, query: Record<string, string>, shown: Shown | null, isDifference: boolean,
 *   table: import("../lib/csv.js").Cell[][] | null, pictures: () => Pictures}} SaveContext
 * @typedef {{a: HTMLCanvasElement, b: HTMLCanvasElement, difference: HTMLCanvasElement | null}} Pictures `difference`: null where it is not on the screen
 */

const SIDES = /** @type {const} */ (["a", "b", "difference"]);
const TITLES = { a: "A", b: "B", difference: "B − A" };
const ENLARGED = 330; // of one map of a pair, pixels

/** @param {SaveContext} context @param {string} what @param {string} ending */
function fileName({ photo, names, shown, view }, what, ending) {
  const parts = [
    view === "photo" ? photo.name : "",
    names.a,
    "against",
    names.b,
    view === "photo" ? (shown?.stage.name ?? "") : view,
    what,
  ].filter(Boolean);
  return `${fileNameOf(parts.join("_"))}.${ending}`;
}

/**
 * The pictures side by side under their letters, over their legends and a caption.
 * @param {Pictures} pictures @param {SaveContext} context @param {Shown} shown @param {string} subject @param {CSSStyleDeclaration} styles
 */
function sheet(pictures, { photo, names }, shown, subject, styles) {
  const [margin, line] = [16, 20];
  const canvas = h("canvas");
  const all = SIDES.flatMap((side) => (pictures[side] ? [{ side, picture: pictures[side] }] : []));
  const width = Math.max(...all.map(({ picture }) => picture.width), 220);
  const height = Math.max(...all.map(({ picture }) => picture.height));
  const lines = [
    `${stageTitle(shown.stage.name)}, ${subject}`,
    gettext("photo {photo}; A: {a}; B: {b}; one range for A and B", { ...names, photo: photo.title }),
  ];
  const font = `13px ${styles.fontFamily}`;
  const target = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  target.font = font;
  canvas.width = Math.ceil(
    Math.max(all.length * (width + margin), ...lines.map((text) => target.measureText(text).width + margin)) + margin,
  );
  canvas.height = height + 4 * line + 4 * margin;
  target.fillStyle = styles.getPropertyValue("--page");
  target.fillRect(0, 0, canvas.width, canvas.height);
  target.font = font;
  target.textBaseline = "middle";
  all.forEach(({ side, picture }, i) => {
    const x = margin + i * (width + margin);
    target.fillStyle = styles.getPropertyValue("--ink");
    target.fillText(TITLES[side], x, margin + line / 2);
    target.drawImage(picture, x, margin + line);
    const isDifference = side === "difference";
    if (!fitAsBars(shown.classes))
      legend(
        target,
        isDifference ? shown.bounds.difference : shown.bounds.shared,
        isDifference ? shown.differenceTable : shown.table,
        x,
        2 * margin + line + height + line / 2,
        styles,
      );
  });
  target.fillStyle = styles.getPropertyValue("--ink");
  lines.forEach((text, i) => target.fillText(text, margin, 3 * margin + 2 * line + height + (i + 0.5) * line));
  return canvas;
}

/** @param {CanvasRenderingContext2D} target @param {Bounds} bounds @param {Uint32Array} table @param {number} x @param {number} y @param {CSSStyleDeclaration} styles */
function legend(target, bounds, table, x, y, styles) {
  const low = `${bounds.clippedLow ? "≤ " : ""}${number(bounds.low)}`;
  const bar = h("canvas");
  [bar.width, bar.height] = [100, 10];
  paintLegend(/** @type {CanvasRenderingContext2D} */ (bar.getContext("2d")), table, 100, 10);
  target.fillStyle = styles.getPropertyValue("--ink");
  target.fillText(low, x, y);
  const left = x + target.measureText(low).width + 8;
  target.drawImage(bar, left, y - 5);
  target.strokeStyle = styles.getPropertyValue("--line-strong");
  target.strokeRect(left - 0.5, y - 5.5, 101, 11);
  target.fillText(`${bounds.clippedHigh ? "≥ " : ""}${number(bounds.high)}`, left + 108, y);
}

/** @param {Shown} shown @returns {Pictures} the selected pair, enlarged */
function pairPictures({ comparison: c, channel, bounds, table, differenceTable }) {
  const [, height, width] = c.shape;
  const draw = (/** @type {typeof SIDES[number]} */ side) => {
    const isDifference = side === "difference";
    const scale = Math.max(1, Math.round(ENLARGED / width));
    const canvas = h("canvas");
    [canvas.width, canvas.height] = [width * scale, height * scale];
    const target = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    target.imageSmoothingEnabled = false;
    target.drawImage(
      mapCanvas(
        c[side].values,
        { offset: channel * height * width, height, width },
        isDifference ? bounds.difference : bounds.shared,
        isDifference ? differenceTable : table,
      ),
      0,
      0,
      canvas.width,
      canvas.height,
    );
    return canvas;
  };
  return { a: draw("a"), b: draw("b"), difference: draw("difference") };
}

/** @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame */
export function createCompareSave(frame) {
  const { download, saveBlob, savePicture } = createDownloads(frame);

  /** @param {SaveContext} context @param {Shown} shown */
  function ofPhoto(context, shown) {
    const styles = getComputedStyle(frame.root);
    const isMap = shown.comparison.shape[1] > 1;
    const npz = {
      title: gettext("Arrays of this stage (.npz)"),
      action: () =>
        download(
          address("comparison/stage.npz", { ...context.query, stage: shown.stage.name }).href,
          fileName(context, "", "npz"),
        ),
    };
    if (shown.comparison.reason) return [npz];
    return [
      {
        title: context.isDifference ? gettext("The three walls, picture") : gettext("Both walls, picture"),
        action: () =>
          savePicture(
            sheet(context.pictures(), context, shown, shown.walls, styles),
            fileName(context, "walls", "png"),
          ),
      },
      ...(isMap
        ? [
            {
              title: gettext("Channel {channel}, enlarged, picture", { channel: shown.channel }),
              action: () =>
                savePicture(
                  sheet(
                    pairPictures(shown),
                    context,
                    shown,
                    gettext("channel {channel}, root mean square of B − A {value}", {
                      channel: shown.channel,
                      value: number(shown.comparison.change[shown.channel]),
                    }),
                    styles,
                  ),
                  fileName(context, `channel-${shown.channel}`, "png"),
                ),
            },
          ]
        : []),
      {
        title: gettext("Table of channels (.csv)"),
        action: () =>
          saveBlob(
            csvBlob(channelRows(shown, context.names, context.photo.title)),
            fileName(context, "channels", "csv"),
          ),
      },
      npz,
    ];
  }

  return {
    /** @param {SaveContext} context @returns {{title: string, action: () => void}[]} */
    items(context) {
      const report = {
        title: gettext("Report, one page (.html)"),
        action: () =>
          download(
            address("comparison/report.html", context.query).href,
            fileName({ ...context, view: "report" }, "", "html"),
          ),
      };
      if (context.view === "photo") return [...(context.shown ? ofPhoto(context, context.shown) : []), report];
      const { table } = context;
      return table
        ? [
            {
              title: gettext("This table (.csv)"),
              action: () => saveBlob(csvBlob(table), fileName(context, "", "csv")),
            },
            report,
          ]
        : [report];
    },
  };
}
