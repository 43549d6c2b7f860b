/** What the Compare page says. */
import { count, groupOf, groupTitle, kindTitle, number, percent } from "../lib/format.js";
import { strongest } from "../maps/ranking.js";

/** @typedef {import("../server/api.js").Trace} Trace */
/** @typedef {import("./difference.js").Comparison} Comparison */
/** @typedef {{a: Trace, b: Trace}} Traces */

/** @param {string} stage @returns {string} Block 2 ReLU; Block 2 pool; fc1 */
export function shortStage(stage) {
  if (!stage.includes(".")) return stage;
  return `${groupTitle(groupOf(stage))} ${kindTitle(stage).replace("pooling", "pool")}`;
}

/** Why two lists of classes cannot stand on one axis; "" when they can. The same names in another order can. @param {string[]} a @param {string[]} b */
export function whyNoAxis(a, b) {
  if (a.length !== b.length) return `A has ${count(a.length)} classes, B ${count(b.length)}; their predictions cannot be put on one axis. Feature maps still can.`;
  const missing = a.find((name) => !b.includes(name));
  if (missing === undefined) return "";
  return `A and B know different classes: ${missing} is one of A's and none of B's. Their predictions cannot be put on one axis. Feature maps still can.`;
}

/** @param {Trace} trace @returns {string} the most probable class */
export function answerOf(trace) {
  return trace.header.checkpoint.classes[strongest(trace.probabilities, 1)[0]];
}

/** What both say, in a sentence or two. @param {Traces} traces @returns {string} */
export function verdict({ a, b }) {
  const [first, second] = [answerOf(a), answerOf(b)];
  const said = first === second ? `On this photo A and B both say ${first}.` : `On this photo A says ${first} and B says ${second}.`;
  if (a.header.checkpoint.digest === b.header.checkpoint.digest) return `${said} A and B are the same checkpoint: every difference is zero.`;
  const untrained = [a.header.checkpoint.trained ? "" : "A", b.header.checkpoint.trained ? "" : "B"].filter(Boolean);
  if (untrained.length === 2) return `${said} Neither has been trained: their answers are chance.`;
  return untrained.length ? `${said} ${untrained[0]} has not been trained: its answers are chance.` : said;
}

/** Who is right how often, once that has been measured. @param {import("./jobs.js").Found | null} found @param {string} data @returns {string} */
export function measuredVerdict(found, data) {
  if (!found) return "";
  const { answers, agreement, images } = found;
  if (agreement === null) return "";
  if (!answers) return ` On ${count(images)} images of ${data} they give the same answer on ${percent(agreement)}.`;
  return ` On ${count(answers.n)} ${data.startsWith("your") ? "of " : ""}${data} B is right ${percent(answers.b.accuracy)} of the time and A ${percent(answers.a.accuracy)}; they give the same answer on ${percent(answers.agreement)}.`;
}

/** @param {Comparison} comparison @param {number} shown @param {string} order @param {string} what "channels", "units" @param {number} poor those without a good partner @returns {string} */
export function countPairs(comparison, shown, order, what, poor) {
  const total = comparison.shape[0];
  const all = shown === total ? `All ${count(total)} ${what}` : `${count(shown)} of ${count(total)} ${what}`;
  if (comparison.reason) return `${all} of A, by index.`;
  if (comparison.changed === 0) return `${all}. None differs by more than rounding.`;
  const left = comparison.change.reduce((sum, value) => sum + Number(value >= 0), 0) - comparison.changed;
  const same = left > 0 && poor === 0 ? ` ${count(left)} ${left === 1 ? "does" : "do"} not differ.` : "";
  const alone = poor > 0 ? ` ${count(poor)} ${poor === 1 ? "has" : "have"} no good partner.` : "";
  return `${all}, ${order === "index" ? "by index" : "most changed first"}.${same}${alone}`;
}

/**
 * What the pointer is at: where, and both values with their difference.
 * @param {Comparison} c @param {"a" | "b" | "difference"} side @param {import("../maps/wall.js").Place} place @param {number[] | null} otherShape B's own, where it stands apart
 * @returns {[string, string]}
 */
export function describePlace(c, side, { channel, row, column }, otherShape) {
  const [, height, width] = side === "b" && c.reason && otherShape ? otherShape : c.shape;
  const at = (channel * height + row) * width + column;
  const partner = c.partners && !c.reason ? c.partners[channel] : channel;
  const named = partner === channel ? String(channel) : `${channel} with ${partner ?? "none"}`;
  const where = height * width > 1 ? `ch ${named}, row ${row}, col ${column}` : `unit ${named}`;
  if (c.reason) return [where, number((side === "b" ? c.b : c.a).values[at])];
  if (partner === null) return [where, `A ${number(c.a.values[at])}, no partner in B`];
  return [where, `A ${number(c.a.values[at])}, B ${number(c.b.values[at])}, B − A ${number(c.difference.values[at])}`];
}
