/** What can be saved: what is on the screen as a picture, numbers and the table from the server. Each says what it is of. */
import { address } from "../server/api.js";
import { alteredChannels } from "./alteration.js";
import { mapCanvas, paintLegend } from "../lib/colour.js";
import { createDownloads, fileNameOf } from "../lib/downloads.js";
import { h } from "../lib/dom.js";
import { stageTitle } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { endsOf } from "../maps/legend.js";
import { rangeWords } from "./ranges.js";
import { crossOut } from "../lib/outline.js";
import { isFiniteChannel } from "../maps/statistics.js";
import { titleOf } from "./words.js";

/** @typedef {import("./ranges.js").Range} Range */
/**
 * @typedef {{view: import("./selection.js").View, stage: import("../server/api.js").Stage, panel: Panel | null}} SaveContext
 * `panel`: the picture on the screen, null where it shows none
 * @typedef {{title: string, file: string, words: string, photos: string, range: Range | null, picture: () => HTMLCanvasElement}} Panel
 * `words`: what it is of; `photos`: on which photos; `range`: null where colours mean no values
 */

const MOST_LETTERS = 60;

/** What a file's name says of an alteration: which channels, unless they are many. @param {readonly import("./alteration.js").Change[]} changes @returns {string} "" where there is none */
export function alteredName(changes) {
  if (!changes.length) return "";
  const name = gettext("altered {channels}", { channels: alteredChannels(changes) });
  return name.length > MOST_LETTERS ? gettext("altered") : name;
}

/** @param {SaveContext} context @param {string} what @param {string} ending @param {string} [stageName] */
function fileName({ view, stage }, what, ending, stageName = stage.name) {
  const { photo, checkpoint } = view.trace.header;
  const parts = [photo.name, checkpoint.title, checkpoint.variant, alteredName(view.changes), stageName, what].filter(
    Boolean,
  );
  return `${fileNameOf(parts.join("_"))}.${ending}`;
}

/**
 * A picture with its legend and its caption under it.
 * @param {HTMLCanvasElement} picture
 * @param {string[]} lines
 * @param {{ends: [string, string], table: Uint32Array} | null} legend
 * @param {CSSStyleDeclaration} styles
 */
function captioned(picture, lines, legend, styles) {
  const [margin, line, bar] = [16, 20, 160];
  const canvas = h("canvas");
  const target = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const font = `13px ${styles.fontFamily}`;
  target.font = font;
  const legendWidth = legend ? bar + legend.ends.reduce((sum, text) => sum + target.measureText(text).width + 8, 0) : 0;
  canvas.width = Math.ceil(
    Math.max(picture.width, legendWidth, ...lines.map((text) => target.measureText(text).width)) + 2 * margin,
  );
  canvas.height = picture.height + (lines.length + Number(legend !== null)) * line + 3 * margin;
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
  if (!legend) return canvas;
  target.fillText(legend.ends[0], margin, y);
  const left = margin + target.measureText(legend.ends[0]).width + 8;
  const colours = h("canvas");
  [colours.width, colours.height] = [bar, 10];
  paintLegend(/** @type {CanvasRenderingContext2D} */ (colours.getContext("2d")), legend.table, bar, 10);
  target.drawImage(colours, left, y - 5);
  target.strokeStyle = styles.getPropertyValue("--line-strong");
  target.strokeRect(left - 0.5, y - 5.5, bar + 1, 11);
  target.fillText(legend.ends[1], left + bar + 8, y);
  return canvas;
}

/** @param {SaveContext} context @param {number} channel @param {number} scale pixels per value @param {CSSStyleDeclaration} styles */
function channelPicture({ view, stage }, channel, scale, styles) {
  const [, height, width] = stage.shape;
  const values = /** @type {Float32Array} */ (view.values.get(stage.name));
  const map = mapCanvas(
    values,
    { offset: channel * height * width, height, width },
    view.bounds(stage, channel),
    view.table(stage),
  );
  const canvas = h("canvas");
  [canvas.width, canvas.height] = [width * scale, height * scale];
  const target = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  target.imageSmoothingEnabled = false;
  target.drawImage(map, 0, 0, canvas.width, canvas.height);
  if (scale > 1 && !isFiniteChannel(view.trace.statistics[stage.name], channel))
    crossOut(target, 2, styles.getPropertyValue("--bad"));
  return canvas;
}

/** Forms of a checkpoint for other programs: what they are called, and the ending of the file. */
const EXPORTS = [
  { form: "safetensors", words: "safetensors", ending: "safetensors" },
  { form: "state-dict", words: gettext("state dict, the article's names"), ending: "pt" },
  { form: "torchvision", words: gettext("state dict, torchvision's names"), ending: "pt" },
  { form: "onnx", words: "ONNX", ending: "onnx" },
];

/**
 * Torchvision's names are for what its class computes; under them another variant would be taken for it.
 * @param {{name: string, title: string, variant: string}} checkpoint
 * @returns {{title: string, href: string, file: string}[]}
 */
export function exportsOf({ name, title, variant }) {
  const possible = EXPORTS.filter(
    ({ form }) => form !== "torchvision" || variant === "torchvision" || variant === "torchvision-wide",
  );
  const stem = fileNameOf(title.replace(/\.(safetensors|pt|pth|ckpt|bin|pth\.tar)$/i, ""));
  return possible.map(({ form, words, ending }) => ({
    title: gettext("Checkpoint, {form} (.{ending})", { form: words, ending }),
    href: address("checkpoint-file", { checkpoint: name, format: form }).href,
    file: `${stem}_${variant}${form === "torchvision" ? "_torchvision-names" : ""}.${ending}`,
  }));
}

/** @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame */
export function createSave(frame) {
  const { download, savePicture } = createDownloads(frame);

  /** @param {SaveContext} context @param {Panel} panel */
  function savePanel(context, panel) {
    const { view, stage } = context;
    const legend = panel.range && { ends: rangeWords(panel.range), table: view.table(stage) };
    savePicture(
      captioned(
        panel.picture(),
        caption(context, panel.words, panel.photos, panel.range),
        legend,
        getComputedStyle(frame.root),
      ),
      fileName(context, panel.file, "png"),
    );
  }

  /** @param {SaveContext} context @returns {{title: string, action: () => void}[]} the selected channel, as the inspector shows it */
  function channelItems(context) {
    const { view, stage } = context;
    const channel = view.channel(stage);
    const file = `channel-${channel}`;
    const styles = getComputedStyle(frame.root);
    function saveEnlarged() {
      const picture = channelPicture(context, channel, Math.max(2, Math.round(660 / stage.shape[2])), styles);
      const legend = { ends: endsOf(view.bounds(stage, channel)), table: view.table(stage) };
      const lines = caption(context, gettext("channel {channel}", { channel }), photoWords(view), view.range(stage));
      savePicture(captioned(picture, lines, legend, styles), fileName(context, `${file}-enlarged`, "png"));
    }
    return [
      {
        title: gettext("Channel {channel}, one pixel per value", { channel }),
        action: () => savePicture(channelPicture(context, channel, 1, styles), fileName(context, file, "png")),
      },
      { title: gettext("Channel {channel}, enlarged with legend", { channel }), action: saveEnlarged },
    ];
  }

  return {
    /** @param {SaveContext} context @returns {{title: string, action: () => void}[]} */
    items(context) {
      const { view, stage, panel } = context;
      const query = { ...view.shown.subject, digest: view.trace.header.checkpoint.digest };
      const numbers = [
        {
          title: gettext("Arrays of this stage (.npz)"),
          action: () =>
            download(address("activations.npz", { ...query, stages: stage.name }).href, fileName(context, "", "npz")),
        },
        {
          title: gettext("Arrays of all stages (.npz)"),
          action: () => download(address("activations.npz", query).href, fileName(context, "", "npz", "all-stages")),
        },
        {
          title: gettext("Code of this view (.py)"),
          action: () =>
            download(
              address("view.py", { ...query, stage: stage.name, channel: String(view.channel(stage)) }).href,
              fileName(context, "code", "py"),
            ),
        },
        {
          title: gettext("Table of shapes (.csv)"),
          action: () => download(address("layers.csv", query).href, fileName(context, "", "csv", "shapes")),
        },
        ...exportsOf(view.trace.header.checkpoint).map(({ title, href, file }) => ({
          title: view.changes.length ? gettext("{title}, unaltered", { title }) : title,
          action: () => download(href, file),
        })),
      ];
      if (!view.values.has(stage.name)) return numbers;
      return [
        ...(panel ? [{ title: panel.title, action: () => savePanel(context, panel) }] : []),
        ...(view.hasPlaces ? channelItems(context) : []),
        ...numbers,
      ];
    },
  };
}

/** @param {import("./selection.js").View} view @returns {string} */
export function photoWords(view) {
  return gettext("photo {title}", { title: view.trace.header.photo.title });
}

/** @param {SaveContext} context @param {string} words @param {string} photos @param {Range | null} range */
function caption({ view, stage }, words, photos, range) {
  const { checkpoint, input } = view.trace.header;
  const made = [
    ...(input.resize === "squash" ? [gettext("squashed")] : []),
    gettext("checkpoint {title}, variant {variant}", { title: checkpoint.title, variant: checkpoint.variant }),
    ...(range ? [gettext("range {range}", { range: titleOf(range.name) })] : []),
  ];
  return [
    `${stageTitle(stage.name)}, ${words}, ${stage.shape.join(" × ")}`,
    [photos, ...made].join(", "),
    ...(view.changes.length
      ? [gettext("altered network: {channels}", { channels: alteredChannels(view.changes) })]
      : []),
  ];
}
