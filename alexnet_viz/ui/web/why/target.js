/** What a view asks of one photo's pass: an address may name a class or a stage that this network does not have. */
import { largestAt } from "../maps/ranking.js";

/** @typedef {Pick<import("../server/api.js").Trace, "probabilities"> & {header: {checkpoint: {classes: string[]}, stages: {name: string, shape: number[]}[]}}} Pass */
/** @typedef {Readonly<Record<import("./state.js").Key, string>>} State */

/** The class that is asked about: the likeliest where none is named. @param {Pass | null} pass @param {State} state @returns {number} */
export function targetOf(pass, { target }) {
  if (!pass) return Number(target);
  const isThere = target !== "" && Number(target) < pass.header.checkpoint.classes.length;
  return isThere ? Number(target) : largestAt(pass.probabilities);
}

/** The class that it is asked against. @param {Pass} pass @param {State} state @returns {number | null} */
export function rivalOf(pass, state) {
  const rival = Number(state.versus);
  const isNone =
    state.versus === "" || rival === targetOf(pass, state) || rival >= pass.header.checkpoint.classes.length;
  return isNone ? null : rival;
}

/** Stages with maps, and which of them Grad-CAM looks at. @param {Pass} pass @param {State} state @returns {{names: string[], open: string}} */
export function stagesOf({ header }, { stage }) {
  const names = header.stages.filter(({ shape }) => shape.length === 3).map(({ name }) => name);
  return { names, open: names.includes(stage) ? stage : (names.filter((name) => name.endsWith(".relu")).at(-1) ?? "") };
}
