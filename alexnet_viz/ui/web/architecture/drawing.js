/** What the Architecture page shows of a network: the tensors to scale, the receptive fields, the table, and sentences about them. */
import { createReceptiveFields } from "./receptive_fields.js";
import { shownSort, sortRows } from "./layer_columns.js";
import { createLayerTable } from "./layer_table.js";
import { poolingWord, shares } from "./rows.js";
import { createTensorStrip } from "./tensor_strip.js";

import { fill, h, setText } from "../lib/dom.js";
import { percent } from "../lib/format.js";
import { gettext, gettextNodes } from "../lib/language.js";
import { whenChanged } from "../lib/when_changed.js";
import { houseTable } from "../shell/theme.js";

/** @typedef {import("./rows.js").LayerTable} LayerTable */
/** @typedef {{name: string, title: string, summary: string, input_size: number}} Variant */
/**
 * @typedef {{table: LayerTable, network: ReturnType<typeof import("./network.js").createNetwork>, theme: "light" | "dark", pointed: string, selected: string,
 *   sort: string, checkpoint: string | null, photo: string, stale: boolean}} DrawingView checkpoint: its title, null where none fits
 */

/**
 * @param {{variants: Variant[], shapes: Record<string, Record<string, number[]>>}} config
 * @param {ReturnType<typeof import("./covers.js").createCovers>} covers
 * @param {{onPoint: (stage: string | null) => void, onSelect: (stage: string) => void, onSort: (sort: string) => void}} actions
 */
export function createDrawing({ variants, shapes }, covers, actions) {
  const scale = createTensorStrip(actions);
  const fields = createReceptiveFields(actions);
  const layers = createLayerTable(actions);
  const story = h("p", { class: "sentence" });
  const note = h("p", { class: "note" });
  // The default's tensors and the largest input set the scale for all variants.
  const reference = {
    side: Math.max(...variants.map((variant) => variant.input_size)),
    channels: drawnChannels(shapes.seed),
  };

  /** @param {DrawingView} view */
  function update(view) {
    const { table, network, theme, pointed } = view;
    const { rows } = network;
    const key = keyOf(view);
    const shared = { key, rows, covers, pointed, picture: network.picture(), photo: view.photo };
    scale.update({
      ...shared,
      ...tensorsOf(view),
      input: table.input,
      reference,
      checkpoint: view.checkpoint,
      activation: houseTable(theme, false),
      diverging: houseTable(theme, true),
      stale: view.stale,
    });
    fields.update({ ...shared, size: table.input[2] });
    const sort = shownSort(view.sort, rows, covers.isOpen);
    layers.update({
      key,
      rows: sortRows(rows, sort),
      covers,
      totals: { params: table.total_params, macs: table.total_macs },
      sort,
      pointed,
      selected: view.selected,
    });
    drawWords(table, rows, key);
  }

  // Words are set anew only where they change: a hidden number in them may have the focus.
  const drawWords = whenChanged(
    (/** @type {LayerTable} */ table, /** @type {import("./rows.js").Row[]} */ rows, /** @type {string} */ key) => [
      table,
      rows,
      key,
      covers.signature,
    ],
    (table, rows) => {
      const share = shares(table);
      const parameters = covers.place(
        { id: "share:params", what: gettext("share of the parameters") },
        percent(share.parameters),
      );
      const multiplications = covers.place(
        { id: "share:macs", what: gettext("share of the multiplications") },
        percent(share.multiplications),
      );
      fill(
        story,
        gettextNodes(
          "The fully connected layers hold {parameters} of the parameters; the convolutions do {multiplications} of the multiplications.",
          { parameters, multiplications },
        ),
      );
      const last = rows.filter(({ layer }) => layer.kind === "pooling").at(-1);
      const field = last && covers.still(`${last.stage}:field`, String(last.layer.receptive_field));
      if (field)
        fill(
          fields.sentence,
          gettextNodes(
            "Convolution widens the view a little, pooling makes the next steps count {times}. After {stage} one unit sees {field} of the {size} pixels.",
            { times: poolingWord(rows), stage: last.name, field, size: table.input[2] },
          ),
        );
      const variant = variants.find(({ name }) => name === table.variant);
      setText(
        note,
        `${gettext(variant?.summary ?? "")} ${gettext("ReLU and LRN keep the shape and have no parameters.")}`,
      );
    },
  );

  return {
    scale: scale.element,
    fields: fields.element,
    table: layers.element,
    words: [story, layers.element, note],
    update,
    follow: layers.follow,
  };
}

/** Changes with everything that the canvases show. @param {DrawingView} view */
function keyOf({ table, network, theme }) {
  const header = network.pictures?.trace.header;
  return [
    table.variant,
    table.total_params,
    theme,
    header?.photo.id,
    header?.checkpoint.digest,
    network.pictures?.tensors.size,
    network.original?.src,
  ].join();
}

/** The tensors that are of this variant, and which of them have a sign. @param {DrawingView} view */
function tensorsOf({ table, network }) {
  const { pictures } = network;
  if (pictures?.trace.header.checkpoint.variant !== table.variant)
    return { tensors: new Map(), signed: /** @type {Set<string>} */ (new Set()) };
  const signed = pictures.trace.header.stages.filter((stage) => stage.signed).map(({ name }) => name);
  return { tensors: pictures.tensors, signed: new Set(signed) };
}

/** @param {Record<string, number[]>} shapes @returns {number} channels of all tensors that are drawn beside each other */
function drawnChannels(shapes) {
  const drawn = Object.entries(shapes).filter(([name, shape]) => shape.length === 3 && /\.(relu|pool)$/.test(name));
  return drawn.reduce((sum, [, shape]) => sum + shape[0], 0);
}
