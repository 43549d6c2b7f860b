/** What a view of the Train page is. */
import { isOwnPhoto } from "../shell/tab_memory.js";

/** @typedef {"run" | "epoch" | "photo" | "stage" | "channel" | "filter" | "axis" | "smoothing"} Key */
/** @typedef {import("../shell/url_state.js").State<Key>} State epoch is "" for the last one, filter "all" for all of them */

/** @param {string} photo the one to open with @returns {Record<Key, import("../shell/url_state.js").Entry>} */
export function tableWith(photo) {
  return {
    run: { default: "", pushed: true },
    epoch: { default: "", allowed: (value) => /^\d{0,6}$/.test(value) },
    photo: { default: photo, pushed: true, shared: "photo", linked: (id) => !isOwnPhoto(id) },
    stage: { default: "block2.relu", allowed: (value) => /^block[1-5]\.relu$/.test(value) },
    channel: { default: "", allowed: (value) => /^\d{0,4}$/.test(value) },
    filter: { default: "", allowed: (value) => /^(all|\d{0,4})$/.test(value) },
    axis: { default: "linear", allowed: ["linear", "log"] },
    smoothing: { default: "0.9", allowed: (value) => value !== "" && Number(value) >= 0 && Number(value) < 1 },
  };
}
