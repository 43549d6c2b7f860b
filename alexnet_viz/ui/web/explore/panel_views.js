/** What each panel with values is given to show, worked out from the page's view. */
import { stageTitle } from "../lib/format.js";
import { factorWords, OFF } from "./alteration.js";
import { isFiniteChannel } from "../maps/statistics.js";
import { calledUnit } from "../shell/unit_names.js";

/** @typedef {import("../server/api.js").Stage} Stage */
/** @typedef {import("./selection.js").View} View */

/** @param {View} now @param {Stage} stage @param {readonly number[]} chosen @returns {import("../maps/wall.js").WallView} */
export function wallView(now, stage, chosen) {
  const range = now.range(stage);
  return {
    shape: stage.shape,
    ...now.pictures(stage),
    chosen,
    changed: new Map(
      [...now.changesAt(stage)].map(([channel, factor]) => [channel, factor === OFF ? "off" : factorWords(factor)]),
    ), // "off" is a key: the wall strikes such a tile out
    order: now.state.order,
    channels: now.channels(stage),
    boundsOf: (channel) => range.of(now.trace, channel),
    table: now.table(stage),
    selected: now.channel(stage),
    tile: Number(now.state.tile) || 0,
    title: stageTitle(stage.name),
    nameOf: (channel) => calledIn(now, stage, channel),
  };
}

/** What a person calls a channel. @param {View} now @param {Stage} stage @param {number} channel @returns {string} */
function calledIn(now, stage, channel) {
  return calledUnit(now.trace.header.checkpoint.digest, stage.name, channel).name;
}

/** @param {View} now @param {Stage} stage @returns {import("./units.js").UnitsView} */
export function unitsView(now, stage) {
  const isLogits = stage.name === "logits";
  return {
    values: isLogits ? now.trace.logits : (now.values.get(stage.name) ?? null),
    units: now.channels(stage),
    total: stage.shape[0],
    bounds: now.bounds(stage, 0),
    table: now.table(stage),
    selected: now.channel(stage),
    title: stageTitle(stage.name),
    names: isLogits ? now.trace.header.checkpoint.classes : null,
    probabilities: isLogits ? now.trace.probabilities : null,
    byIndex: now.state.order === "index",
    asBars: now.hasBars,
    nameOf: (unit) => calledIn(now, stage, unit),
  };
}

/** @param {View} now @param {Stage} stage @param {import("../server/api.js").Photo[]} photos @returns {import("./photo_row.js").PhotoRowView} */
export function photoRowView(now, stage, photos) {
  return {
    photos,
    open: now.state.photo,
    stage: stage.name,
    channel: now.channel(stage),
    table: now.table(stage),
    rangeOf: (traces) => now.range(stage, traces),
    subjectOf: (photo) => ({ ...now.shown.subject, photo }),
  };
}

/** @param {View} now @param {Stage} stage @param {{row: number, column: number} | null} pointed @returns {import("./channel_view.js").ChannelView} */
export function channelViewOf(now, stage, pointed) {
  const channel = now.channel(stage);
  const channels = now.channels(stage);
  const at = channels.indexOf(channel);
  return {
    stage,
    values: now.values.get(stage.name) ?? null,
    channel,
    place: pointed ?? now.place(stage, channel),
    isFinite: isFiniteChannel(now.trace.statistics[stage.name], channel),
    bounds: now.bounds(stage, channel),
    table: now.table(stage),
    title: stageTitle(stage.name),
    neighbours: [channels[at - 1] ?? null, channels[at + 1] ?? null],
  };
}
