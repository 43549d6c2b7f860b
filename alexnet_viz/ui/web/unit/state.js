/** What a view of the Unit page is. */
import { resolveLast } from "../shell/links.js";
import { isOwnPhoto, kept } from "../shell/tab_memory.js";

/** @typedef {"photo" | "checkpoint" | "resize" | "stage" | "channel" | "place" | "terms" | "input" | "data" | "panel" | "sign" | "seed" | "steps" | "contrast" | "step" | "lower" | "by" | "amount" | "cover"} Key */
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
    checkpoint: { default: config.checkpoint, pushed: true, shared: "checkpoint", read: (name) => resolveLast(name, kept.checkpoints) },
    resize: { default: "", allowed: ["", "crop", "squash"] },
    stage: { default: "block2.relu", pushed: true },
    channel: { default: "0", allowed: isNumber, pushed: true },
    place: { default: "", allowed: (text) => /^$|^\d{1,4},\d{1,4}$/.test(text) }, // "row,column"; the strongest where there is none
    terms: { default: FEW_TERMS, allowed: [FEW_TERMS, ALL_TERMS] },
    input: { default: "", allowed: (text) => text === "" || isNumber(text) }, // the input channel whose products are open
    data: { default: "gallery" },
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
  };
}

/** Another channel has its own strongest place, another value its own terms. @param {State} before @param {Partial<Record<Key, string>>} given @returns {State} */
export function follow(before, given) {
  const next = { ...before, ...given };
  if (next.stage !== before.stage && !("channel" in given)) next.channel = "0";
  const isOther = ["stage", "channel", "photo", "checkpoint", "resize"].some((key) => next[/** @type {Key} */ (key)] !== before[/** @type {Key} */ (key)]);
  if (isOther && !("place" in given)) next.place = "";
  if ((isOther || next.place !== before.place) && !("input" in given)) next.input = "";
  const isOtherPicture = isOther || ["sign", "seed", "contrast"].some((key) => next[/** @type {Key} */ (key)] !== before[/** @type {Key} */ (key)]);
  if (isOtherPicture && !("step" in given)) next.step = "";
  return next;
}

/** One step back: to what the page shows without it. @param {State} state @returns {Partial<Record<Key, string>> | null} null where nothing is left */
export function stepBack(state) {
  if (state.input) return { input: "" };
  if (state.place) return { place: "" };
  return state.terms === FEW_TERMS ? null : { terms: FEW_TERMS };
}
