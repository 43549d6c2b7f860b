/** What the Compare page says; `alexnet_viz/compare/wording.py` says the same of photos and rates in the same words. */
import { count, groupOf, groupTitle, kindTitle, number, percent, percents } from "../lib/format.js";
import { strongest } from "../maps/ranking.js";

/** @typedef {import("../server/api.js").Trace} Trace */
/** @typedef {import("./difference.js").Comparison} Comparison */
/** @typedef {{a: Trace, b: Trace}} Traces */

/** @param {string} stage @returns {string} Block 2 ReLU; Block 2 pool; fc1 */
export function shortStage(stage) {
  if (!stage.includes(".")) return stage;
  return `${groupTitle(groupOf(stage))} ${kindTitle(stage).replace("pooling", "pool")}`;
}

/** @param {Trace} trace @returns {string | null} the most probable class; null where the outputs are not numbers */
export function answerOf(trace) {
  return trace.header.has_answer ? trace.header.checkpoint.classes[strongest(trace.probabilities, 1)[0]] : null;
}

/** @param {string | null} answer */
const says = (answer) => (answer === null ? "gives no answer, since its outputs are not numbers" : `says ${answer}`);

/** What both say of the photo. @param {string | null} first the answer of A, null where it gives none @param {string | null} second @returns {string} */
export function photoWords(first, second) {
  if (first === null && second === null) return "On this photo neither A nor B gives an answer: their outputs are not numbers.";
  return first === second ? `On this photo A and B both say ${first}.` : `On this photo A ${says(first)}${first === null ? "," : ""} and B ${says(second)}.`;
}

/** "500 test pictures", "40 of your own pictures". @param {number} number @param {string} data title of the pictures @returns {string} */
export const picturesWords = (number, data) => `${count(number)} ${data.startsWith("your ") ? "of " : ""}${data}`;

/** @param {number} share @returns {string} */
const shareWords = (share) => ({ 0: "none", 1: "every one" })[share] ?? percent(share);

/** How often both are right and agree. @param {string} pictures "500 test pictures" @param {number} a @param {number} b @param {number} agreement shares of the pictures @returns {string} */
export function ratesWords(pictures, a, b, agreement) {
  const [second, first] = percents([b, a]);
  const rates = a === b ? `A and B are right equally often, ${first} of the time` : `B is right ${second} of the time and A ${first}`;
  return `On ${pictures} ${rates}; they give the same answer on ${shareWords(agreement)}.`;
}

/** @param {string} pictures @param {number} agreement @returns {string} */
export const sameWords = (pictures, agreement) => `On ${pictures} A and B give the same answer on ${shareWords(agreement)}.`;

/** What has to be known of both beside their answers. @param {Traces} traces @returns {string} */
function caveat({ a, b }) {
  if (a.header.checkpoint.digest === b.header.checkpoint.digest) return "A and B are the same checkpoint: every difference is zero.";
  const untrained = [a.header.checkpoint.trained ? "" : "A", b.header.checkpoint.trained ? "" : "B"].filter(Boolean);
  if (untrained.length === 2) return "Neither has been trained: their answers are chance.";
  return untrained.length ? `${untrained[0]} has not been trained: its answers are chance.` : "";
}

/** From this share of same answers on, another answer is worth an "although". */
const MOSTLY = 0.8;

/** How often both are right and agree, as it ships with them: of all test pictures. @param {import("./pair_loader.js").Pair} pair @returns {string} "" where it does not */
function shippedWords({ shipped, right }) {
  if (!shipped) return "";
  const same = `give the same answer on ${percent(shipped.agreement)}`;
  if (!right.a || !right.b) return `${same} of ${count(shipped.images)} test pictures`;
  const [a, b] = percents([right.a.accuracy, right.b.accuracy]);
  return a === b ? `are both right on ${a} of the test pictures and ${same}` : `are right on ${a} and ${b} of the test pictures and ${same}`;
}

/** What both say, and how that fits with what else is known of them. @param {import("./photo_panel.js").Arrived} arrived @param {import("./jobs.js").Found | null} found @param {{title: string}} data @returns {string} */
export function verdict({ traces, pair }, found, data) {
  const [said, but] = [photoWords(answerOf(traces.a), answerOf(traces.b)), caveat(traces)];
  if (found) return [said, but, measuredWords(found, data.title)].filter(Boolean).join(" ");
  const known = but ? "" : shippedWords(pair);
  if (known && pair.shipped && pair.shipped.agreement >= MOSTLY && answerOf(traces.a) !== answerOf(traces.b)) return `${said.slice(0, -1)}, although they ${known}.`;
  return [said, but, known && `They ${known}.`].filter(Boolean).join(" ");
}

/** Who is right how often, once that has been measured. @param {import("./jobs.js").Found} found @param {string} data @returns {string} */
export function measuredWords({ answers, agreement, images }, data) {
  if (answers) return ofAnswers(answers, data);
  return agreement === null ? "" : sameWords(picturesWords(images, data), agreement);
}

/** @param {import("./jobs.js").Answers} answers @param {string} data */
function ofAnswers({ n, a, b, agreement }, data) {
  const pictures = picturesWords(n, data);
  const silent = [a.interval ? "" : "A", b.interval ? "" : "B"].filter(Boolean);
  if (silent.length) return `On ${pictures} ${silent.join(" and ")} ${silent.length > 1 ? "give" : "gives"} no answer: outputs that are not numbers are never right.`;
  return ratesWords(pictures, a.accuracy, b.accuracy, agreement);
}

/** @param {number} shown @param {number} total @param {string} what "channels", "units" */
const howMany = (shown, total, what) => (shown === total ? `All ${count(total)} ${what}` : `${count(shown)} of ${count(total)} ${what}`);

/** @param {string} order */
const orderWords = (order) => (order === "index" ? "by index" : "most changed first");

/** What a picture of the walls holds. @param {number} shown @param {number} total @param {string} order @param {string} what @returns {string} */
export const wallsWords = (shown, total, order, what) => `${howMany(shown, total, what).replace("All", "all")}, ${orderWords(order)}`;

/** What the channels of a stage are called. @param {import("../server/api.js").Stage} stage */
export const unitsOf = ({ name, shape }) => (shape.length === 3 ? "channels" : name === "logits" ? "classes" : "units");

/** @param {Comparison} comparison @param {number} shown @param {string} order @param {string} what "channels", "units" @param {number} poor those without a good partner @returns {string} */
export function countPairs(comparison, shown, order, what, poor) {
  const all = howMany(shown, comparison.shape[0], what);
  if (comparison.reason) return `${all} of A, by index.`;
  if (comparison.changed === 0) return `${all}. None differs by more than rounding.`;
  const left = comparison.change.reduce((sum, value) => sum + Number(value >= 0), 0) - comparison.changed;
  const same = left > 0 && poor === 0 ? ` ${count(left)} ${left === 1 ? "does" : "do"} not differ.` : "";
  const alone = poor > 0 ? ` ${count(poor)} ${poor === 1 ? "has" : "have"} no good partner.` : "";
  return `${all}, ${orderWords(order)}.${same}${alone}`;
}

/** What the channels of a stage are called, where they are classes. @param {Trace} trace @param {{name: string}} stage */
export const classesOf = (trace, stage) => (stage.name === "logits" ? trace.header.checkpoint.classes : null);

/** @param {number} channel @param {number | null} partner @param {[number, number] | null} place @param {string[] | null} classes */
function placeWords(channel, partner, place, classes) {
  if (classes) return classes[channel];
  const named = partner === channel ? String(channel) : `${channel} with ${partner ?? "none"}`;
  return place ? `ch ${named}, row ${place[0]}, col ${place[1]}` : `unit ${named}`;
}

/** @param {Comparison} c @param {number} channel */
const partnerOf = (c, channel) => (c.partners && !c.reason ? c.partners[channel] : channel);

/**
 * What the pointer is at: where, and both values with their difference.
 * @param {Comparison} c @param {"a" | "b" | "difference"} side @param {import("../maps/wall.js").Place} place @param {number[] | null} otherShape B's own, where it stands apart
 * @param {string[] | null} classes of A, where the channels are classes
 * @returns {[string, string]}
 */
export function describePlace(c, side, { channel, row, column }, otherShape, classes = null) {
  const [, height, width] = side === "b" && c.reason && otherShape ? otherShape : c.shape;
  const at = (channel * height + row) * width + column;
  const partner = partnerOf(c, channel);
  const where = placeWords(channel, partner, height * width > 1 ? [row, column] : null, classes);
  if (c.reason) return [where, number((side === "b" ? c.b : c.a).values[at])];
  if (partner === null) return [where, `A ${number(c.a.values[at])}, no partner in B`];
  return [where, `A ${number(c.a.values[at])}, B ${number(c.b.values[at])}, B − A ${number(c.difference.values[at])}`];
}
