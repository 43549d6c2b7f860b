/** What a view of the Unit page is. */
import { resolveLast } from "../shell/links.js";
import { isOwnData, isOwnPhoto, kept } from "../shell/tab_memory.js";

/** @typedef {"photo" | "checkpoint" | "resize" | "stage" | "channel" | "place" | "terms" | "input" | "data" | "panel" | "sign" | "seed" | "steps" | "contrast" | "step" | "lower" | "by" | "amount" | "cover" | "held"} Key */
/** @typedef {import("../shell/url_state.js").State<Key>} State */

export const FEW_TERMS = "9";
export const ALL_TERMS = "400";
export const WAYS = ["rotation", "scale", "hue", "contrast", "blur", "orientation", "frequency"]; // to change the photo, or a grating
export const STEPS = ["128", "256", "512", "1024"]; // of a picture that is made

/** @param {{photos: {id: string}[], checkpoint: string}} config @returns {Record<Key, import("../shell/url_state.js").Entry>} */
export function tableOf(config) {
  const isNumber = (/** @type {string} */ text) => /^\d{1,5}$/.test(text);
  return {
    photo: { default: config.photos[0].id, pushed: true, shared: "photo", linked: (id) => !isOwnPhoto(id) },
    checkpoint: {
      default: config.checkpoint,
      pushed: true,
      shared: "checkpoint",
      read: (name) => resolveLast(name, kept.checkpoints),
    },
    resize: { default: "", allowed: ["", "crop", "squash"] },
    stage: { default: "block2.relu", pushed: true },
    channel: { default: "0", allowed: isNumber, pushed: true },
    place: { default: "", allowed: (text) => /^$|^\d{1,4},\d{1,4}$/.test(text) }, // "row,column"; the strongest where there is none
    terms: { default: FEW_TERMS, allowed: [FEW_TERMS, ALL_TERMS] },
    input: { default: "", allowed: (text) => text === "" || isNumber(text) }, // the input channel whose products are open
    data: { default: "gallery", linked: (name) => !isOwnData(name) },
    panel: { default: "parts", allowed: ["parts", "made"], pushed: true },
    sign: { default: "excites", allowed: ["excites", "inhibits"] },
    seed: { default: "0", allowed: (text) => /^\d{1,6}$/.test(text) },
    steps: { default: "256", allowed: STEPS },
    contrast: { default: "photo", allowed: ["photo", "full"] },
    step: { default: "", allowed: (text) => /^\d{0,4}$/.test(text) }, // of the film; the last where there is none
    lower: { default: "tuning", allowed: ["tuning", "kernels", "feeds"] },
    by: { default: "rotation", allowed: WAYS },
    amount: { default: "", allowed: (text) => /^-?[\d.]{0,20}$/.test(text) }, // the photo as it is
    cover: { default: "", allowed: ["", "shown"] },
    held: { default: "", allowed: (text) => text === "" || readHeld(text) !== null }, // its map stays beside while one browses
  };
}

/** A channel that is held, as the address writes it: "block2.relu:110". @param {string} text @returns {{stage: string, channel: number} | null} */
export function readHeld(text) {
  const [, stage, channel] = /^([a-z0-9.]{1,40}):(\d{1,5})$/.exec(text) ?? [];
  return stage === undefined ? null : { stage, channel: Number(channel) };
}

/** Another channel has its own strongest place, another value its own terms, another network its own channels. @param {State} before @param {Partial<Record<Key, string>>} given @returns {State} */
export function follow(before, given) {
  const next = { ...before, ...given };
  const isOther = (/** @type {Key[]} */ ...keys) => keys.some((key) => next[key] !== before[key]);
  const end = (/** @type {boolean} */ isOver, /** @type {Key} */ key, value = "") =>
    void (isOver && !(key in given) && (next[key] = value));
  end(isOther("stage"), "channel", "0");
  const isOtherUnit = isOther("stage", "channel", "photo", "checkpoint", "resize");
  end(isOtherUnit, "place");
  end(isOtherUnit || isOther("place"), "input");
  end(isOther("checkpoint"), "held");
  end(isOtherUnit || isOther("sign", "seed", "contrast"), "step");
  return next;
}

/** One step back: to what the page shows without it. @param {State} state @returns {Partial<Record<Key, string>> | null} null where nothing is left */
export function stepBack(state) {
  if (state.input) return { input: "" };
  if (state.place) return { place: "" };
  if (state.held) return { held: "" };
  return state.terms === FEW_TERMS ? null : { terms: FEW_TERMS };
}
