/** What the Architecture page asks of the server: a variant's table, and the tensors of a photo with the photo itself. */
import { getJson, getStage, getTrace, inTurn, pictureAddress } from "../server/api.js";
import { createLatest } from "../lib/latest.js";
import { seenCanvas } from "../maps/network_input.js";
import { rowsOf } from "./rows.js";

/** @typedef {import("../server/api.js").Trace} Trace */
/** @typedef {import("./rows.js").LayerTable} LayerTable */
/** @typedef {{variant: string, classes: string, photo: string, checkpoint: string | null, usual: string}} Wanted checkpoint: null where no tensors are drawn, and the photo is seen by the usual one */
/** @typedef {{photo: string, checkpoint: string, names: string[]}} PictureSubject */
/** @typedef {{trace: Trace, tensors: Map<string, Float32Array>}} Pictures */

const PICTURE = 1280; // pixels along the longer side, as Explore asks for it
/** Asked once in the life of the tab: a variant's table does not change. @type {Map<string, LayerTable>} */
const tables = new Map();

/** @param {{onChange: () => void, onWaiting: (words: string) => void, onRefused: (error: unknown, shownPhoto: string | null) => void}} actions */
export function createNetwork({ onChange, onWaiting, onRefused }) {
  /** @type {Wanted | null} */
  let wanted = null;
  /** @type {HTMLImageElement | null} the photo as it came, sharper than what the network sees */
  let original = null;
  /** @type {import("./rows.js").Row[]} */
  let rows = [];

  const layers = createLatest({
    ask: (/** @type {{variant: string, classes: string}} */ { variant, classes }) => getTable(variant, classes),
    onAnswer(table) {
      rows = rowsOf(table);
      onChange();
    },
    onRefused: (error) => onRefused(error, pictures.subject?.photo ?? null),
  });
  const pictures = createLatest({
    ask: (/** @type {PictureSubject} */ subject, isWanted) => inTurn(() => getPictures(subject), isWanted, onWaiting),
    onAnswer,
    onRefused: (error, shown) => onRefused(error, shown?.photo ?? null),
  });

  /** @param {Pictures} arrived */
  function onAnswer({ trace: { header } }) {
    const address = pictureAddress(header.photo.id, PICTURE);
    if (original?.src !== address) loadOriginal(address, header.photo.id);
    onChange();
  }

  /** @param {string} address @param {string} photo */
  function loadOriginal(address, photo) {
    original = null;
    const image = new Image();
    image.onload = () => {
      if (pictures.value?.trace.header.photo.id !== photo) return;
      original = image;
      onChange();
    };
    image.src = address;
  }

  return {
    /** The table and its rows stand as soon as they are there, the tensors follow. @param {Wanted} next */
    async want(next) {
      wanted = next;
      await layers.want({ variant: next.variant, classes: next.classes });
      if (wanted !== next || layers.isStale || !layers.value) return;
      const names =
        next.checkpoint === null ? [] : rows.filter(({ stage }) => stage !== "logits").map(({ tensor }) => tensor);
      await pictures.want({ photo: next.photo, checkpoint: next.checkpoint ?? next.usual, names });
    },
    get table() {
      return layers.value;
    },
    get rows() {
      return rows;
    },
    get pictures() {
      return pictures.value;
    },
    get original() {
      return original;
    },
    /** @returns {import("./tensor_painting.js").Picture | null} the sharpest that has arrived */
    picture() {
      if (!pictures.value) return null;
      const { photo, input } = pictures.value.trace.header;
      if (!original) return { image: seenCanvas(pictures.value.trace), box: [0, 0, input.size, input.size] };
      const [x, y] = [original.naturalWidth / photo.width, original.naturalHeight / photo.height];
      const [left, top, right, bottom] = input.box;
      return { image: original, box: [left * x, top * y, right * x, bottom * y] };
    },
    end() {
      wanted = null;
      layers.end();
      pictures.end();
    },
  };
}

/** @param {PictureSubject} subject @returns {Promise<Pictures>} */
async function getPictures({ photo, checkpoint, names }) {
  const subject = { photo, checkpoint, resize: "" };
  const trace = await getTrace(subject);
  const values = await Promise.all(names.map((name) => getStage(subject, name, trace.header.checkpoint.digest)));
  return { trace, tensors: new Map(names.map((name, i) => [name, values[i]])) };
}

/** @param {string} variant @param {string} classes @returns {Promise<LayerTable>} */
async function getTable(variant, classes) {
  const key = `${variant} ${classes}`;
  const known = tables.get(key);
  if (known) return known;
  const table = await getJson("layers", { variant, classes });
  tables.set(key, table);
  return table;
}
