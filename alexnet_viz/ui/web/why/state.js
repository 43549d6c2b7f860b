/** What a view of the Why page is. */
import { resolveLast } from "../shell/links.js";
import { isOwnPhoto } from "../shell/tab_memory.js";
import { METHODS } from "./words.js";

/** @typedef {"photo" | "checkpoint" | "resize" | "method" | "target" | "versus" | "stage" | "look" | "opacity" | "untrained"} Key */

/** @param {string} value @returns {boolean} a number of a class, or none */
const isClass = (value) => /^\d{0,4}$/.test(value);

/**
 * @param {string} checkpoint the one to open with
 * @param {() => {name: string}[]} checkpoints
 * @returns {Record<Key, import("../shell/url_state.js").Entry>}
 */
export function whyTable(checkpoint, checkpoints) {
  return {
    photo: { default: "chelsea", pushed: true, shared: "photo", linked: (id) => !isOwnPhoto(id) },
    checkpoint: {
      default: checkpoint,
      pushed: true,
      shared: "checkpoint",
      read: (name) => resolveLast(name, checkpoints()),
    },
    resize: { default: "", pushed: true, allowed: ["", "crop", "squash"] },
    method: { default: METHODS[0].value, pushed: true, allowed: METHODS.map(({ value }) => value) },
    target: { default: "", pushed: true, allowed: isClass },
    versus: { default: "", pushed: true, allowed: isClass },
    stage: { default: "", pushed: true },
    look: { default: "over", allowed: ["over", "alone"] },
    opacity: { default: "100", allowed: (value) => /^(100|\d?\d)$/.test(value) },
    untrained: { default: "asked", allowed: ["asked", "shown"] },
  };
}

/**
 * Another checkpoint may have other classes and stages.
 * @param {import("../shell/url_state.js").State<Key>} before @param {Partial<Record<Key, string>>} given
 */
export function follow(before, given) {
  const next = { ...before, ...given };
  if (next.checkpoint !== before.checkpoint)
    for (const key of /** @type {const} */ (["target", "versus", "stage"])) if (!(key in given)) next[key] = "";
  if (next.versus === next.target) next.versus = "";
  return next;
}
