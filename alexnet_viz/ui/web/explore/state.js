/** What a view of the Explore page is: the table of its values, and what follows from a change. */
import { COLOUR_MAPS, GAMMAS } from "../lib/colour.js";
import { TILE_ZOOMS } from "../maps/wall.js";
import { readChanges } from "./alteration.js";
import { resolveLast } from "../shell/links.js";
import { isOwnPhoto } from "../shell/tab_memory.js";

/**
 * @typedef {"photo" | "checkpoint" | "resize" | "stage" | "channel" | "place" | "range" | "top" | "order" | "map" | "gamma" | "silent" | "tile" | "view" | "altered"} Key
 * @typedef {import("../shell/url_state.js").State<Key>} State
 */

export const RANGES = ["channel", "layer", "block", "network"];
export const ORDERS = ["index", "maximum", "mean", "zeros"];
export const FIRST_STAGE = "block1.relu";

/**
 * @param {string} checkpoint the one to open with
 * @param {() => {name: string}[]} checkpoints those of a run newest first
 * @returns {Record<Key, import("../shell/url_state.js").Entry>}
 */
export function exploreTable(checkpoint, checkpoints) {
  return {
    photo: { default: "chelsea", pushed: true, shared: "photo", linked: (id) => !isOwnPhoto(id) },
    checkpoint: {
      default: checkpoint,
      pushed: true,
      shared: "checkpoint",
      read: (name) => resolveLast(name, checkpoints()),
    },
    resize: { default: "", pushed: true, allowed: ["", "crop", "squash"] },
    stage: { default: FIRST_STAGE, pushed: true },
    channel: { default: "" },
    place: { default: "" },
    range: { default: "layer", allowed: RANGES },
    top: { default: "clipped", allowed: ["clipped", "whole"] },
    order: { default: "index", allowed: ORDERS },
    map: { default: "house", allowed: COLOUR_MAPS },
    gamma: { default: "1", allowed: GAMMAS.map(String) },
    silent: { default: "shown", allowed: ["shown", "hidden"] },
    tile: { default: "0", allowed: TILE_ZOOMS.map(String) },
    view: { default: "wall", pushed: true, allowed: ["wall", "channel", "photos", "filters"] },
    altered: { default: "", allowed: (text) => readChanges(text) !== null },
  };
}

/**
 * What follows from a change: another stage has its own channels, another channel its own strongest place, another checkpoint is
 * not altered.
 * @param {State} before
 * @param {Partial<Record<Key, string>>} given
 * @returns {State}
 */
export function follow(before, given) {
  const next = { ...before, ...given };
  if (next.stage !== before.stage) {
    const isLeft = next.view === "channel" || (next.view === "filters" && !next.stage.startsWith("block1."));
    if (!("view" in given) && isLeft) next.view = "wall";
    if (!("channel" in given)) next.channel = next.place = "";
  }
  if (next.checkpoint !== before.checkpoint && !("altered" in given)) next.altered = "";
  if (next.channel !== before.channel && !("place" in given)) next.place = "";
  return next;
}
