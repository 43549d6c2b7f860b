/**
 * What people call single units, with a note: kept by this browser, by the checkpoint's content, so that it is there whatever
 * the checkpoint is called. A channel has one name in its whole block. In a lesson the class's name stands where one has none of one's own.
 */
import { csvText } from "../lib/csv.js";
import { lesson } from "./class_store.js";

const KEY = "alexnet_viz.unit_names";
/** @typedef {{name: string, note: string}} Called */
/** @typedef {Record<string, Record<string, Called>>} Names by digest, then by "block2 111" */

const NOTHING = Object.freeze({ name: "", note: "" });
/** @type {string} what a browser refused to keep */
let unstored = "";

/** @returns {Names} */
function read() {
  try {
    const names = JSON.parse(unstored || (localStorage.getItem(KEY) ?? "{}"));
    return names && typeof names === "object" ? names : {};
  } catch {
    return {}; // storage is blocked, or holds what another program wrote under this name
  }
}

/** @param {string} stage @param {number} channel @returns {string} "block2 111" */
export function keyOf(stage, channel) {
  return `${stage.split(".")[0]} ${channel}`;
}

/** @param {string} digest @param {string} stage @param {number} channel @returns {Called} both "" where nothing is known */
export function calledUnit(digest, stage, channel) {
  const known = read()[digest]?.[keyOf(stage, channel)];
  const own = typeof known?.name === "string" && typeof known.note === "string" ? known : NOTHING;
  return own.name ? own : { ...own, name: lesson.state?.names?.[digest]?.[keyOf(stage, channel)] ?? "" };
}

/** @param {string} digest @param {string} stage @param {number} channel @param {Partial<Called>} changes the rest stays as it is, also where another tab has written it */
export function callUnit(digest, stage, channel, changes) {
  const names = read();
  const own = { ...names[digest] };
  const { name, note } = { ...NOTHING, ...own[keyOf(stage, channel)], ...changes };
  if (name || note) own[keyOf(stage, channel)] = { name, note };
  else delete own[keyOf(stage, channel)];
  const text = JSON.stringify({ ...names, [digest]: own });
  try {
    localStorage.setItem(KEY, text);
    unstored = "";
  } catch {
    unstored = text; // blocked or full: it lasts as long as the page does
  }
}

/** All names of a checkpoint, as a table. @param {string} digest @param {string} checkpoint its title @returns {string} */
export function namesTable(digest, checkpoint) {
  const rows = Object.entries(read()[digest] ?? {}).map(([key, { name, note }]) => [
    ...key.split(" "),
    name,
    note,
    checkpoint,
    digest,
  ]);
  return csvText([
    ["block", "channel", "name", "note", "checkpoint", "digest"],
    ...rows.sort((a, b) => a[0].localeCompare(b[0]) || Number(a[1]) - Number(b[1])),
  ]);
}
