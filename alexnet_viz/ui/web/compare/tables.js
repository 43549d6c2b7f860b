/** The tables of a comparison as rows of cells, for a file: from the numbers themselves, not from what the screen rounds. */
import { maximumOf } from "../maps/statistics.js";

/** @typedef {import("../lib/csv.js").Cell} Cell */
/** @typedef {{a: string, b: string}} Names */

/** Columns that say what a row is of. @param {Names} names @param {[string, Cell][]} more @returns {[Cell[], Cell[]]} their heads and their cells */
function about(names, ...more) {
  const columns = /** @type {[string, Cell][]} */ ([["checkpoint A", names.a], ["checkpoint B", names.b], ...more]);
  return [columns.map(([head]) => head), columns.map(([, cell]) => cell)];
}

/**
 * Class by class; where the classes do not fit, stage by stage what can be said.
 * @param {import("./jobs.js").Found} found @param {Names} names @param {string} data title of the pictures
 * @returns {Cell[][]}
 */
export function testRows({ answers, cka, agreement, images, remark }, names, data) {
  const [heads, cells] = about(names, ["pictures of", data]);
  if (answers) {
    const rows = answers.per_class.map((row) => [row.class, row.count, row.a, row.b, row.difference, ...cells]);
    const all = [
      "all",
      answers.n,
      answers.a.accuracy,
      answers.b.accuracy,
      answers.b.accuracy - answers.a.accuracy,
      ...cells,
    ];
    return [["class", "pictures", "A", "B", "B - A", ...heads], ...rows, all];
  }
  const rows = (cka?.a ?? []).map((stage, i) => [
    stage,
    cka?.cka[i][cka.b.indexOf(stage)],
    cka?.images,
    agreement,
    remark,
    ...cells,
  ]);
  return [
    ["stage", "linear CKA", "pictures", "share with the same answer", "remark", ...heads],
    ...(rows.length ? rows : [["", null, images, agreement, remark, ...cells]]),
  ];
}

/** @param {import("./weights_panel.js").Layer[]} layers @param {Names} names @returns {Cell[][]} */
export function weightRows(layers, names) {
  const [heads, cells] = about(names);
  const rows = layers.map((row) => [
    row.layer,
    row.first_shape.join(" x "),
    row.second_shape.join(" x "),
    row.first_norm,
    row.second_norm,
    row.distance,
    row.relative,
    row.cosine,
    row.bias_distance,
    row.remark,
    ...cells,
  ]);
  return [
    [
      "layer",
      "weights of A",
      "weights of B",
      "norm of A",
      "norm of B",
      "distance",
      "distance / norm of A",
      "cosine",
      "bias distance",
      "remark",
      ...heads,
    ],
    ...rows,
  ];
}

/** One column a checkpoint, headed by its letter and name. @param {import("./recipes_panel.js").Table} table @param {number} lettered how many of the first are A and B @returns {Cell[][]} */
export function recipeRows({ titles, settings }, lettered) {
  const cell = (/** @type {unknown} */ value) =>
    typeof value === "number" || typeof value === "string" || typeof value === "boolean" || value === null
      ? value
      : JSON.stringify(value);
  return [
    ["setting", ...titles.map((title, i) => (i < lettered ? `${"AB"[i]}: ${title}` : title)), "differs"],
    ...settings.map(({ name, values, differs }) => [name, ...values.map(cell), differs ? "yes" : "no"]),
  ];
}

/**
 * Every channel with its partner and how much it changed.
 * @param {import("./save.js").Shown} shown @param {Names} names @param {string} photo
 * @returns {Cell[][]}
 */
export function channelRows({ comparison: c, channels, stage, classes }, names, photo) {
  const [heads, cells] = about(names, ["photo", photo], ["stage", stage.name]);
  const rows = channels.map((channel) => {
    const partner = c.partners ? c.partners[channel] : channel;
    const change = partner === null ? null : c.change[channel];
    return [
      ...(classes ? [classes[channel]] : []),
      channel,
      partner,
      change,
      maximumOf(c.a.statistics, channel),
      partner === null ? null : maximumOf(c.b.statistics, channel),
      ...cells,
    ];
  });
  return [
    [
      ...(classes ? ["class"] : []),
      "channel of A",
      "channel of B",
      "root mean square of B - A",
      "maximum of A",
      "maximum of B",
      ...heads,
    ],
    ...rows,
  ];
}
