/** What each part of the photo panel is given to show, worked out from a moment and the comparison of its open stages. */
import { asMaps, listedStages, orderPairs, sharedBounds } from "./difference.js";
import { channelOf, openStages, pairWords, pairingOf, placeOf } from "./stage_pair.js";
import { classesOf, unitsOf, wallsWords } from "./words.js";

import { stageTitle } from "../lib/format.js";
import { houseTable } from "../shell/theme.js";

/** @typedef {import("./difference.js").Comparison} Comparison */
/** @typedef {import("./photo_panel.js").Moment} Moment */
/** @typedef {import("./stage_pair.js").Spot} Spot */

/** @param {Moment} m @returns {import("./stage_list.js").StagesView} */
export function stagesView(m) {
  const open = openStages(m);
  return {
    ...m.stages,
    names: listedStages(m.arrived.traces.a.header.stages, open.a.name),
    open: open.a.name,
    other: open.name,
    table: houseTable(m.theme, false),
  };
}

/** @param {Moment} m @param {Comparison | null} c @param {number} shown how many channels the walls hold @returns {import("./photo_head.js").HeadView} */
export function headView(m, c, shown) {
  const stage = openStages(m).a;
  return {
    state: m.state,
    stage,
    comparison: c,
    shown,
    choice: m.choose(stage.name),
    poor: pairingOf(m)?.poor ?? 0,
  };
}

/** @param {Moment} m @param {Comparison | null} c @param {number[]} channels those that there is room for @returns {import("./walls.js").WallsView} */
export function wallsView(m, c, channels) {
  const open = openStages(m);
  const bounds = sharedBounds(open.a, open.b, c, m.state.top);
  return {
    comparison: c,
    shapes: { a: asMaps(open.a.shape), b: open.b && asMaps(open.b.shape) },
    classes: { a: classesOf(m.arrived.traces.a, open.a), b: open.b && classesOf(m.arrived.traces.b, open.b) },
    channels,
    selected: channelOf(m, c),
    all: m.state.shown === "all",
    order: m.state.order,
    bounds,
    table: houseTable(m.theme, bounds.signed),
    differenceTable: houseTable(m.theme, true),
    mode: m.state.mode,
    split: Number(m.state.split),
    names: m.names,
    title: stageTitle(open.a.name),
    top: m.state.top,
  };
}

/** @param {Moment} m @param {Comparison | null} c @param {Spot | null} pointed @returns {import("./pair_panel.js").SideView} */
export function sideView(m, c, pointed) {
  const open = openStages(m);
  const channel = channelOf(m, c);
  const bounds = sharedBounds(open.a, open.b, c, m.state.top);
  const place = c ? (pointed ?? placeOf(m, c, channel)) : null;
  return {
    traces: m.arrived.traces,
    noAxis: m.arrived.pair.no_axis,
    stage: open.a,
    comparison: c,
    channel,
    place,
    bounds,
    table: houseTable(m.theme, bounds.signed),
    differenceTable: houseTable(m.theme, true),
    ...pairWords(m, channel),
  };
}

/** What is on the screen, for the files. @param {Moment} m @param {Comparison} c @param {number} shown how many channels the walls hold @returns {import("./save.js").Shown} */
export function savedView(m, c, shown) {
  const { a, b } = openStages(m);
  const bounds = sharedBounds(a, b, c, m.state.top);
  return {
    comparison: c,
    stage: a,
    classes: classesOf(m.arrived.traces.a, a),
    channel: channelOf(m, c),
    channels: orderPairs(c, m.state.order),
    walls: wallsWords(shown, c.shape[0], m.state.order, unitsOf(a)),
    bounds,
    table: houseTable(m.theme, bounds.signed),
    differenceTable: houseTable(m.theme, true),
  };
}
