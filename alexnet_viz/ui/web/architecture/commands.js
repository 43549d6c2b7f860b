/** What the keys of the Architecture page do. */
import { numbersOf } from "./layer_columns.js";
import { visit } from "../shell/url.js";

/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("./state.js").Key} Key */
/** @typedef {import("./state.js").State} State */

/**
 * The row before or after the one that is selected; where none is, the last or the first.
 * @param {Row[]} order as they stand
 * @param {string} stage the selected one's, "" for none
 * @param {number} step
 * @returns {Row | undefined} none at the ends
 */
export function rowAfter(order, stage, step) {
  const at = order.findIndex((row) => row.stage === stage);
  return at < 0 ? order[step > 0 ? 0 : order.length - 1] : order[at + step];
}

/** @param {Row[]} rows @param {number} number 1 … 5 the blocks' convolutions, 6, 7, 8 the fully connected layers @returns {Row | undefined} */
export function rowOfNumber(rows, number) {
  return rows.filter(({ layer }) => layer.kind !== "pooling")[number - 1];
}

/**
 * @param {{readonly state: State, readonly defaults: State}} page
 * @param {{network: {readonly rows: Row[]}, drawing: {follow: (stage: string) => void}, lesson: ReturnType<typeof import("./lesson.js").createLesson>, variants: {name: string}[]}} parts
 * @param {{sorted: () => Row[], checkpoint: () => {name: string} | null, hasProblem: () => boolean, unpoint: () => void, set: (given: Partial<Record<Key, string>>) => void}} actions
 *   sorted: the rows as they stand; checkpoint: whose tensors are drawn; unpoint: no row is pointed at any more
 */
export function createCommands(page, { network, drawing, lesson, variants }, actions) {
  const { covers } = lesson;
  const { set } = actions;

  /** @param {Row} row */
  function select(row) {
    actions.unpoint();
    set({ stage: row.stage });
    drawing.follow(row.stage);
    const known = numbersOf([row]).filter(({ id }) => covers.isOpen(id));
    lesson.say(`${row.name}. ${known.map(({ text, kind }) => `${kind} ${text}`).join(", ")}`);
  }

  return {
    /** @param {number} step */
    walk(step) {
      const next = rowAfter(actions.sorted(), page.state.stage, step);
      if (next) select(next);
    },
    /** @param {number} number */
    selectNumber(number) {
      const row = rowOfNumber(network.rows, number);
      if (row) select(row);
    },
    back() {
      const { state, defaults } = page;
      if (actions.hasProblem()) set({});
      else if (state.stage) set({ stage: "" });
      else if (state.sort !== defaults.sort) set({ sort: defaults.sort });
      else if (covers.hidden) lesson.toggle(false);
    },
    /** The stage that is selected, on Explore. */
    open() {
      const row = network.rows.find(({ stage }) => stage === page.state.stage);
      const own = actions.checkpoint();
      if (row && own) visit("", { checkpoint: own.name, stage: row.tensor });
    },
    /** @param {number} step */
    cycleVariant(step) {
      const names = variants.map(({ name }) => name);
      set({ variant: names[(names.indexOf(page.state.variant) + step + names.length) % names.length] });
    },
    toggleNumbers: () => lesson.toggle(false),
    reveal: lesson.reveal,
  };
}
