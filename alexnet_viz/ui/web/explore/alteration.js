/** An alteration, as the address writes it: "block1.relu:65=0,22=0,block2.relu:3=held". A stage counts until another is named. */
import { groupOf, groupTitle, kindTitle, marked } from "../lib/format.js";
import { gettext, ngettext } from "../lib/language.js";

/** @typedef {{stage: string, channel: number, factor: string}} Change `factor`: "0" is off, "2" doubled, "held" at its mean on this photo */

export const ON = "1";
export const OFF = "0";
export const HELD = "held";
export const DOUBLED = "2";
const CHANGE = /^(?:([a-z0-9.]+):)?(\d{1,5})=(held|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;
const NO_CHANNELS = new Map();

/** @param {string} text @returns {Change[] | null} null where it is none */
export function readChanges(text) {
  /** @type {Change[]} */
  const found = [];
  for (const part of text === "" ? [] : text.split(",")) {
    const [, named, channel, factor] = CHANGE.exec(part) ?? [];
    const stage = named ?? found[found.length - 1]?.stage;
    if (factor === undefined || stage === undefined) return null;
    found.push({ stage, channel: Number(channel), factor });
  }
  return found;
}

/** @param {readonly Change[]} changes @returns {string} */
export function writeChanges(changes) {
  return changes
    .map(({ stage, channel, factor }, i) => `${changes[i - 1]?.stage === stage ? "" : `${stage}:`}${channel}=${factor}`)
    .join();
}

/** What an alteration was before each of its changes, the unaltered network first: to go back through. @param {string} text @returns {string[]} */
export function stepsTo(text) {
  const changes = readChanges(text) ?? [];
  return changes.map((_, i) => writeChanges(changes.slice(0, i)));
}

/**
 * Channels changed one after the other.
 * @param {string} text the alteration before
 * @param {string} stage
 * @param {readonly number[]} channels
 * @param {string} factor ON takes a change away
 * @returns {string[]} the alteration after each channel; none for one that is so already
 */
export function changeChannels(text, stage, channels, factor) {
  /** @type {string[]} */
  const steps = [];
  let changes = readChanges(text) ?? [];
  for (const channel of channels) {
    const at = changes.findIndex((each) => each.stage === stage && each.channel === channel);
    const next = { stage, channel, factor: factor === DOUBLED ? doubled(changes[at]?.factor) : factor };
    if ((changes[at]?.factor ?? ON) === next.factor) continue;
    if (factor === ON) changes = changes.filter((_, i) => i !== at);
    else changes = at < 0 ? [...changes, next] : changes.map((each, i) => (i === at ? next : each));
    steps.push(writeChanges(changes));
  }
  return steps;
}

/** Doubled again where it is already. @param {string | undefined} factor */
function doubled(factor) {
  return String(isDoubled(factor) ? Number(factor) * 2 : Number(DOUBLED));
}

/** @param {string | undefined} factor @returns {boolean} by a power of two above 1 */
function isDoubled(factor) {
  return Math.log2(Number(factor)) >= 1 && Number.isInteger(Math.log2(Number(factor)));
}

/** What is done to the channels of a stage. @param {readonly Change[]} changes @param {string} stage @returns {Map<number, string>} factors */
export function changesAt(changes, stage) {
  const own = changes.filter((change) => change.stage === stage);
  return own.length ? new Map(own.map(({ channel, factor }) => [channel, factor])) : NO_CHANNELS;
}

/** @param {string | undefined} factor @returns {string} on, off, held, doubled: which of the four choices it is; "" for none of them */
export function choiceOf(factor) {
  if (factor === undefined) return ON;
  if (factor === OFF || factor === HELD) return factor;
  return isDoubled(factor) ? DOUBLED : "";
}

/** @param {string} factor @returns {string} off, held, doubled, doubled 14 times, × 0.5 */
export function factorWords(factor) {
  if (factor === OFF) return gettext("off");
  if (factor === HELD) return gettext("held");
  if (!isDoubled(factor)) return `× ${marked(factor.replace("-", "\u2212"))}`;
  return factor === DOUBLED
    ? gettext("doubled")
    : gettext("doubled {times} times", { times: Math.log2(Number(factor)) });
}

/** @param {readonly Change[]} changes @returns {{stage: string, factor: string, words: string, channels: number[]}[]} what has been done to which channels, in the order chosen */
function grouped(changes) {
  /** @type {Map<string, {stage: string, factor: string, words: string, channels: number[]}>} */
  const groups = new Map();
  for (const { stage, channel, factor } of changes) {
    const group = groups.get(stage + factor) ?? { stage, factor, words: factorWords(factor), channels: [] };
    group.channels.push(channel);
    groups.set(stage + factor, group);
  }
  return [...groups.values()];
}

/** @param {string} stage @returns {string} Block 1; Block 1, LRN; fc1 */
function placeTitle(stage) {
  const kind = stage.endsWith(".relu") ? "" : `, ${kindTitle(stage)}`;
  return groupTitle(groupOf(stage)) + (stage.includes(".") ? kind : "");
}

/** @param {string} factor @param {number} count @param {string} place @param {string} done @returns {string} each as a whole, since other languages bend its last word */
function sentenceOf(factor, count, place, done) {
  if (factor === OFF)
    return ngettext("{count} channel of {place} is off", "{count} channels of {place} are off", count, {
      count,
      place,
    });
  if (factor === HELD)
    return ngettext("{count} channel of {place} is held", "{count} channels of {place} are held", count, {
      count,
      place,
    });
  return ngettext("{count} channel of {place} is {done}", "{count} channels of {place} are {done}", count, {
    count,
    place,
    done,
  });
}

/**
 * One sentence on an altered network.
 * @param {readonly Change[]} changes
 * @param {(stage: string) => number} totalOf channels of a stage
 * @returns {string} "4 channels of Block 1 are off."
 */
export function alteredSentence(changes, totalOf) {
  const groups = grouped(changes);
  const whole = groups.find(({ stage, factor, channels }) => factor === OFF && channels.length === totalOf(stage));
  if (whole)
    return gettext("All {count} channels are off: the prediction is that of the biases alone.", {
      count: whole.channels.length,
    });
  return `${groups.map(({ stage, factor, words, channels }) => sentenceOf(factor, channels.length, placeTitle(stage), words)).join(", ")}.`;
}

/** @param {readonly Change[]} changes @param {(stage: string) => number} totalOf @returns {string} "4 of 96 channels off" */
export function alteredShort(changes, totalOf) {
  return grouped(changes)
    .map(({ stage, factor, words, channels }) => {
      const counted = { count: channels.length, total: totalOf(stage), done: words };
      if (factor === OFF)
        return ngettext("{count} of {total} channels off", "{count} of {total} channels off", channels.length, counted);
      if (factor === HELD)
        return ngettext(
          "{count} of {total} channels held",
          "{count} of {total} channels held",
          channels.length,
          counted,
        );
      return gettext("{count} of {total} channels {done}", counted);
    })
    .join(", ");
}

/** Every channel by its number, for whatever leaves the page. @param {readonly Change[]} changes @returns {string} "Block 1: 65, 22, 23 off; 10 held" */
export function alteredChannels(changes) {
  let last = "";
  return grouped(changes)
    .map(({ stage, words, channels }) => {
      const place = stage === last ? "" : `${placeTitle(stage)}: `;
      last = stage;
      return `${place}${channels.join(", ")} ${words}`;
    })
    .join("; ");
}
