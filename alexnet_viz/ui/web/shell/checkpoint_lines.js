/** What stands in the checkpoint menu: groups and their lines, as words; which of them a search leaves. */
import { bytes, count, percents } from "../lib/format.js";
import { gettext } from "../lib/language.js";

/** @typedef {import("../server/api.js").CheckpointEntry} CheckpointEntry */
/**
 * @typedef {{name: string, title: string, isOpen: boolean, classes: string, score: string, file: string, note: string}} Line
 * @typedef {{key: string, run: string, words: string}} Fold a run's earlier checkpoints, which stand behind its newest
 * @typedef {{key: string, title: string, pictures: string, lines: (Line | Fold)[]}} Group `pictures`: what its figures are measured on
 * @typedef {{value: string, text: string, unfolded: ReadonlySet<string>, noteOf: (entry: CheckpointEntry) => string}} Wanted
 *   `value`: the checkpoint that is open; `text`: what is searched for; `unfolded`: runs that show all of theirs
 */

const TITLES = {
  shipped: gettext("Shipped with the app"),
  trained: gettext("Trained here"),
  own: gettext("Own files"),
};
/** With more lines than this there is a field to search in. */
export const MOST_LINES = 12;

/** @param {CheckpointEntry} entry */
const groupOf = (entry) => entry.group ?? "own";

/** @param {CheckpointEntry} entry */
const runOf = ({ name }) => name.slice(0, name.lastIndexOf(":"));

/** @param {string} text @param {string[]} words @returns {boolean} */
export function isFound(text, ...words) {
  const wanted = text.trim().toLowerCase();
  return words.some((each) => each.toLowerCase().includes(wanted));
}

/**
 * @param {CheckpointEntry[]} entries
 * @param {Wanted} wanted
 * @returns {Group[]} without those that have nothing to show, "own" apart, which always leads to a file
 */
export function groupsOf(entries, wanted) {
  const groups = /** @type {(keyof typeof TITLES)[]} */ (Object.keys(TITLES)).map((key) => {
    const all = entries.filter((entry) => groupOf(entry) === key);
    return groupWith(key, key === "shipped" ? bestFirst(all) : all, wanted);
  });
  return groups.filter(({ key, lines }) => lines.length || (key === "own" && !wanted.text));
}

/** @param {keyof typeof TITLES} key @param {CheckpointEntry[]} all @param {Wanted} wanted @returns {Group} */
function groupWith(key, all, wanted) {
  const pictures = mostFrequent(all.flatMap(({ score }) => score?.pictures ?? []));
  const shares = percents(all.map(({ score }) => score?.share ?? NaN));
  const lines = all.map((entry, i) => lineOf(entry, shares[i], pictures, wanted));
  const shown = wanted.text
    ? lines.filter((_, i) => isFound(wanted.text, all[i].title, all[i].name))
    : key === "trained"
      ? folded(all, lines, wanted)
      : lines;
  return { key, title: TITLES[key], pictures, lines: shown };
}

/** @param {CheckpointEntry} entry @param {string} share @param {string} pictures of the group @param {Wanted} wanted @returns {Line} */
function lineOf(entry, share, pictures, { value, noteOf }) {
  const score = entry.score
    ? `${share}${entry.score.pictures === pictures ? "" : ` ${entry.score.pictures}`}`
    : entry.trained
      ? gettext("not known")
      : gettext("chance");
  const none = entry.name === "untrained" ? gettext("none") : "";
  const file = entry.size ?? (entry.bytes == null ? none : bytes(entry.bytes));
  return {
    name: entry.name,
    title: entry.title,
    isOpen: entry.name === value,
    classes: count(entry.classes),
    score,
    file,
    note: noteOf(entry),
  };
}

/** Of each run the newest, the one that is open, and how many others there are. @param {CheckpointEntry[]} all @param {Line[]} lines @param {Wanted} wanted */
function folded(all, lines, { unfolded }) {
  /** @type {(Line | Fold)[]} */
  const shown = [];
  for (const run of new Set(all.map(runOf))) {
    const own = lines.filter((_, i) => runOf(all[i]) === run);
    const kept = unfolded.has(run) ? own : own.filter((line, i) => i === 0 || line.isOpen);
    const hidden = own.length - kept.length;
    shown.push(...kept);
    if (hidden)
      shown.push({
        key: `fold ${run}`,
        run,
        words: gettext("{n} earlier of {run}", { n: count(hidden), run: own[0].title.split(" · ")[0] }),
      });
  }
  return shown;
}

/** @param {CheckpointEntry[]} entries */
function bestFirst(entries) {
  return [...entries].sort((a, b) => (b.score?.share ?? -1) - (a.score?.share ?? -1));
}

/** @param {string[]} words @returns {string} */
function mostFrequent(words) {
  const times = (/** @type {string} */ word) => words.filter((each) => each === word).length;
  return words.reduce((best, word) => (times(word) > times(best) ? word : best), "");
}
