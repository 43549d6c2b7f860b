/** What can be saved: pictures drawn here, numbers and the table from the server. Each carries photo, checkpoint, stage and variant. */
import { address } from "../server/api.js";
import { mapCanvas, paintLegend } from "../lib/colour.js";
import { createDownloads } from "../lib/downloads.js";
import { h } from "../lib/dom.js";
import { number, stageTitle } from "../lib/format.js";

/** @typedef {import("../server/api.js").Trace} Trace */
/** @typedef {{trace: Trace, stage: import("../server/api.js").Stage, channel: number, values: Float32Array | null, bounds: import("../lib/colour.js").Bounds, table: Uint32Array, range: string, subject: import("../server/api.js").Subject, wall: HTMLCanvasElement, units: boolean}} SaveContext */

/** @param {SaveContext} context @param {string} what @param {string} ending */
function fileName({ trace, stage }, what, ending) {
  const { photo, checkpoint } = trace.header;
  const parts = [photo.name, checkpoint.name, checkpoint.variant, stage.name, what].filter(Boolean);
  return `${parts.join("_").replace(/[^\w.+-]+/g, "-")}.${ending}`;
}

/**
 * A picture with its legend and its caption under it.
 * @param {HTMLCanvasElement} picture
 * @param {SaveContext} context
 * @param {string} subject "all 96 channels" or "channel 40"
 * @param {CSSStyleDeclaration} styles
 */
function captioned(picture, context, subject, styles) {
  const [margin, line] = [16, 20];
  const { photo, checkpoint } = context.trace.header;
  const lines = [
    `${stageTitle(context.stage.name)}, ${subject}, ${context.stage.shape.join(" × ")}`,
    `photo ${photo.title}, checkpoint ${checkpoint.title}, variant ${checkpoint.variant}, range ${context.range}`,
  ];
  const canvas = h("canvas");
  const target = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const font = `13px ${styles.fontFamily}`;
  target.font = font;
  const ends = [`${context.bounds.clippedLow ? "≤ " : ""}${number(context.bounds.low)}`, `${context.bounds.clippedHigh ? "≥ " : ""}${number(context.bounds.high)}`];
  if (context.range === "channel") ends.splice(0, 2, "0", "own max");
  const legendWidth = 160 + ends.reduce((sum, text) => sum + target.measureText(text).width + 8, 0);
  canvas.width = Math.ceil(Math.max(picture.width, legendWidth, ...lines.map((text) => target.measureText(text).width)) + 2 * margin);
  canvas.height = picture.height + 3 * line + 3 * margin;
  target.fillStyle = styles.getPropertyValue("--page");
  target.fillRect(0, 0, canvas.width, canvas.height);
  target.drawImage(picture, margin, margin);
  target.font = font;
  target.fillStyle = styles.getPropertyValue("--ink");
  target.textBaseline = "middle";
  let y = picture.height + 2 * margin + line / 2;
  for (const text of lines) {
    target.fillText(text, margin, y);
    y += line;
  }
  target.fillText(ends[0], margin, y);
  const left = margin + target.measureText(ends[0]).width + 8;
  const bar = h("canvas");
  [bar.width, bar.height] = [160, 10];
  paintLegend(/** @type {CanvasRenderingContext2D} */ (bar.getContext("2d")), context.table, 160, 10);
  target.drawImage(bar, left, y - 5);
  target.strokeStyle = styles.getPropertyValue("--line-strong");
  target.strokeRect(left - 0.5, y - 5.5, 161, 11);
  target.fillText(ends[1], left + 168, y);
  return canvas;
}

/** @param {SaveContext} context @param {number} scale pixels per value */
function channelPicture({ stage, channel, values, bounds, table }, scale) {
  const [, height, width] = stage.shape;
  const map = mapCanvas(/** @type {Float32Array} */ (values), { offset: channel * height * width, height, width }, bounds, table);
  const canvas = h("canvas");
  [canvas.width, canvas.height] = [width * scale, height * scale];
  const target = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  target.imageSmoothingEnabled = false;
  target.drawImage(map, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame */
export function createSave(frame) {
  const { download, savePicture } = createDownloads(frame);

  return {
    /** @param {SaveContext} context @returns {{title: string, action: () => void}[]} */
    items(context) {
      const styles = getComputedStyle(frame.root);
      const { stage, channel, subject, units } = context;
      const query = { ...subject, digest: context.trace.header.checkpoint.digest };
      const all = `all ${stage.shape[0]} ${units ? "units" : "channels"}`;
      const numbers = [
        { title: "Arrays of this stage (.npz)", action: () => download(address("activations.npz", { ...query, stages: stage.name }).href, fileName(context, "", "npz")) },
        { title: "Arrays of all stages (.npz)", action: () => download(address("activations.npz", query).href, fileName({ ...context, stage: { ...stage, name: "all-stages" } }, "", "npz")) },
        { title: "Table of shapes (.csv)", action: () => download(address("layers.csv", { ...query }).href, fileName({ ...context, stage: { ...stage, name: "shapes" } }, "", "csv")) },
      ];
      if (!context.values) return numbers;
      const pictures = [{ title: units ? "All units, picture" : "The wall, picture", action: () => savePicture(captioned(context.wall, context, all, styles), fileName(context, "wall", "png")) }];
      if (!units) {
        const name = `channel-${channel}`;
        const enlarged = Math.max(2, Math.round(660 / stage.shape[2]));
        pictures.push(
          { title: `Channel ${channel}, one pixel per value`, action: () => savePicture(channelPicture(context, 1), fileName(context, name, "png")) },
          { title: `Channel ${channel}, enlarged with legend`, action: () => savePicture(captioned(channelPicture(context, enlarged), context, `channel ${channel}`, styles), fileName(context, `${name}-enlarged`, "png")) },
        );
      }
      return [...pictures, ...numbers];
    },
  };
}

