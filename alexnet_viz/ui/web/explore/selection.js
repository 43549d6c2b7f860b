/** What is on the screen, worked out from the state and the numbers that have arrived: ranges, colours, order, selection, words. */
import { changesAt, OFF, readChanges } from "./alteration.js";
import { makeTable, rampAnchors } from "../lib/colour.js";
import { count } from "../lib/format.js";
import { gettext, ngettext } from "../lib/language.js";
import { unitColumns } from "../maps/grid.js";
import { largestAt, orderChannels, strongestChannel } from "../maps/ranking.js";
import { isSilent, STATISTICS } from "../maps/statistics.js";
import { rangeOf } from "./ranges.js";
import { groupStages } from "../maps/stages.js";
import { houseTable, tokens } from "../shell/theme.js";

/** @typedef {import("../server/api.js").Trace} Trace */
/** @typedef {import("../server/api.js").Stage} Stage */
/** @typedef {import("../lib/colour.js").Bounds} Bounds */
/** @typedef {import("./state.js").State} State */
/** @typedef {"light" | "dark"} Theme */

/** More classes than this are shown as cells, fewer as one bar each. */
const BARS_AT_MOST = 30;
export const NO_ANSWER = gettext("The outputs are not numbers, so the network gives no answer.");

/** @param {Trace} trace @returns {boolean} */
export function isAnswer(trace) {
  return trace.header.has_answer;
}

/** @param {Float32Array} values @param {Float32Array} others @param {Set<number>} channels taken from the others @param {number} size values of a channel */
function withChannels(values, others, channels, size) {
  const found = values.slice();
  for (const channel of channels) found.set(others.subarray(channel * size, (channel + 1) * size), channel * size);
  return found;
}

/** One moment of the Explore page. Nothing in here changes. */
export class View {
  /**
   * @param {State} state
   * @param {import("./shown.js").Shown} shown
   * @param {Theme} theme
   */
  constructor(state, shown, theme) {
    this.state = state;
    this.shown = shown;
    this.trace = shown.trace;
    this.values = shown.values;
    this.theme = theme;
    this.changes = readChanges(shown.trace.header.altered?.changes ?? "") ?? [];
    /** @type {Stage | null} null when the photo itself is open */
    this.stage = this.find(state.stage);
  }

  /** @param {string} name @returns {Stage | null} */
  find(name) {
    return this.trace.header.stages.find((stage) => stage.name === name) ?? null;
  }

  /** Maps, not units. @returns {boolean} */
  get hasPlaces() {
    return this.stage !== null && this.stage.shape.length === 3;
  }

  /** Whether the open stage is one of the block whose filters see the picture itself. @returns {boolean} */
  get hasFilters() {
    return this.hasPlaces && this.state.stage.startsWith("block1.");
  }

  /** Which panel the left side shows. @returns {"photo" | "units" | "photos" | "channel" | "filters" | "wall"} */
  get panel() {
    if (!this.stage) return "photo";
    if (!this.hasPlaces) return "units";
    if (this.state.view === "filters") return this.hasFilters ? "filters" : "wall";
    return this.state.view === "photos" || this.state.view === "channel" ? this.state.view : "wall";
  }

  /** The chosen colour map, or the house's own without gamma. @param {Stage} stage @returns {Uint32Array} */
  table(stage) {
    return makeTable(
      rampAnchors(tokens, this.state.map, this.theme, stage.signed),
      Number(this.state.gamma) || 1,
      stage.signed,
    );
  }

  /** @param {boolean} signed @returns {Uint32Array} */
  houseTable(signed) {
    return houseTable(this.theme, signed);
  }

  /** How the maps of a stage are coloured. @param {Stage} stage @param {Trace[]} [traces] of the photos side by side @returns {import("./ranges.js").Range} */
  range(stage, traces = [this.trace]) {
    return rangeOf(/** @type {{range: string, top: string}} */ (this.state), stage, traces);
  }

  /** @param {Stage} stage @param {number} channel @returns {Bounds} */
  bounds(stage, channel) {
    return this.range(stage).of(this.trace, channel);
  }

  /** What is done to the channels of a stage. @param {Stage} stage @returns {Map<number, string>} factors by channel */
  changesAt(stage) {
    return changesAt(this.changes, stage.name);
  }

  /** The channels of a stage that are off. @param {Stage} stage @returns {Set<number>} */
  off(stage) {
    return new Set([...this.changesAt(stage)].flatMap(([channel, factor]) => (factor === OFF ? [channel] : [])));
  }

  /** The numbers as the wall shows them: a channel that is off keeps its last picture, and its place. @param {Stage} stage @returns {{values: Float32Array | null, statistics: Float32Array}} */
  pictures(stage) {
    const { before, valuesBefore } = this.shown;
    const [values, statistics, off] = [
      this.values.get(stage.name) ?? null,
      this.trace.statistics[stage.name],
      this.off(stage),
    ];
    if (!before || !off.size) return { values, statistics };
    const last = valuesBefore.get(stage.name);
    return {
      values: values && last ? withChannels(values, last, off, values.length / stage.shape[0]) : values,
      statistics: withChannels(statistics, before.statistics[stage.name], off, STATISTICS),
    };
  }

  /** The channels of the wall, in order. @param {Stage} stage @returns {number[]} */
  channels(stage) {
    const order = /** @type {"index" | "maximum" | "mean" | "zeros"} */ (this.state.order);
    return orderChannels(
      this.pictures(stage).statistics,
      order,
      this.state.silent === "hidden" && stage.shape.length === 3,
    );
  }

  /** The chosen channel, or the one with the strongest response. @param {Stage} stage @returns {number} */
  channel(stage) {
    const chosen = this.state.channel === "" ? NaN : Number(this.state.channel);
    if (Number.isInteger(chosen) && chosen >= 0 && chosen < stage.shape[0]) return chosen;
    return strongestChannel(this.pictures(stage).statistics);
  }

  /** The pinned place, or where the channel responds most. @param {Stage} stage @param {number} channel @returns {{row: number, column: number}} */
  place(stage, channel) {
    const [, height, width] = stage.shape;
    const [row, column] = this.state.place.split(",").map(Number);
    if (this.state.place && row >= 0 && row < height && column >= 0 && column < width) return { row, column };
    const values = this.values.get(stage.name);
    if (!values) return { row: height >> 1, column: width >> 1 };
    const size = height * width;
    const best = largestAt(values.subarray(channel * size, (channel + 1) * size));
    return { row: Math.floor(best / width), column: best % width };
  }

  /** Few classes, each with a bar: nothing is painted in colours that mean values. @returns {boolean} */
  get hasBars() {
    return this.stage?.name === "logits" && this.stage.shape[0] <= BARS_AT_MOST;
  }

  /** Whether the network has answered: some that diverged put out nothing that is a number. @returns {boolean} */
  get hasAnswer() {
    return isAnswer(this.trace);
  }

  /** The stages of a strip column. @param {string} group @returns {string[]} */
  stagesOf(group) {
    return groupStages(this.trace.header.stages).get(group) ?? [];
  }

  /** One sentence that says what one sees, with its counts. @param {number} photos @returns {string} */
  sentence(photos) {
    const stage = this.stage;
    if (!stage) return gettext("The photo as it came, and exactly what the network saw of it.");
    const total = stage.shape[0];
    if (this.panel !== "units") return this.describeMaps(stage, photos);
    if (stage.name !== "logits") return this.describeUnits(stage);
    if (!this.hasAnswer) return NO_ANSWER;
    if (!this.trace.header.checkpoint.trained)
      return gettext("This checkpoint has not been trained: its answers are chance.");
    return total > 1
      ? gettext("{count} of {count} classes. The network must pick one of them.", { count: count(total) })
      : gettext("One output, and no other to be weighed against: its sigmoid is shown.");
  }

  /** @param {Stage} stage */
  describeUnits(stage) {
    const shown = { count: count(stage.shape[0]), columns: unitColumns(stage.shape[0]) };
    const sentence =
      this.state.order === "index"
        ? gettext("{count} of {count} units by index, {columns} to a row.", shown)
        : gettext("{count} of {count} units largest first, {columns} to a row.", shown);
    if (!stage.finite) {
      const isNone = this.values.get(stage.name)?.some(Number.isFinite) === false;
      return `${sentence} ${isNone ? gettext("None is finite.") : gettext("Some are not finite.")}`;
    }
    return stage.signed ? `${sentence} ${gettext("Blue is negative.")}` : sentence;
  }

  /** @param {Stage} stage @param {number} photos */
  describeMaps(stage, photos) {
    const [panel, total] = [this.panel, stage.shape[0]];
    const channel = this.channel(stage);
    if (panel === "photos")
      return this.range(stage).own
        ? gettext("Channel {channel} on {photos} photos, each up to its own maximum.", { channel, photos })
        : gettext("Channel {channel} on {photos} photos, one range for all.", { channel, photos });
    if (panel === "channel") return gettext("Channel {channel} of {total}, every value.", { channel, total });
    return panel === "filters" ? this.describeFilters(total) : this.countChannels(stage, total);
  }

  /** @param {number} total */
  describeFilters(total) {
    const { filters } = this.shown;
    if (filters && !filters.isReadable && filters.excited)
      return gettext("{total} of {total} filters, twice: most of what is stored never meets a picture.", { total });
    return gettext("{total} of {total} filters, each up to its own largest weight; zero is mid grey.", { total });
  }

  /** @param {Stage} stage @param {number} total */
  countChannels(stage, total) {
    const { statistics } = this.pictures(stage);
    const shown = this.channels(stage).length;
    const hidden = total - shown;
    if (hidden > 0)
      return ngettext(
        "{shown} of {total} channels respond; {hidden} silent one is hidden.",
        "{shown} of {total} channels respond; {hidden} silent ones are hidden.",
        hidden,
        { shown, total, hidden },
      );
    let silent = 0;
    for (let c = 0; c < total; c += 1) if (isSilent(statistics, c)) silent += 1;
    const silentWords =
      silent === total
        ? gettext("All are silent")
        : ngettext("{count} is silent", "{count} are silent", silent, { count: silent });
    const values = { total, silent: silent === 0 ? gettext("None is silent") : silentWords };
    return stage.finite
      ? gettext("{total} of {total} channels. {silent} on this photo.", values)
      : gettext("{total} of {total} channels. {silent}; crossed ones are not finite.", values);
  }
}
