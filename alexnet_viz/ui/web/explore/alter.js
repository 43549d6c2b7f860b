/** Altering the network: which channels are selected, what is done to them, and the way back. It belongs to this view alone. */
import { changeChannels, changesAt, choiceOf, OFF, ON, readChanges, stepsTo } from "./alteration.js";
import { gettext } from "../lib/language.js";

/** @typedef {import("./state.js").Key} Key */
/** @typedef {import("./state.js").State} State */

/**
 * @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame
 * @param {string} opened the alteration of the address that the page opens with
 * @param {{set: (changes: Partial<Record<Key, string>>) => void, view: () => import("./selection.js").View | null, redraw: () => void}} actions
 * `redraw`: what is selected, pointed at or held has changed, nothing else
 */
export function createAlter(frame, opened, { set, view, redraw }) {
  /** @type {number[]} channels of the open stage, in the order chosen */
  let chosen = [];
  /** @type {string[]} earlier alterations, the last one to go back to at the end */
  let past = stepsTo(opened);
  let known = opened;
  let isBefore = false;
  /** @type {number | null} the tile that was clicked: its inspector stands for as long as it is pointed at */
  let peeked = null;

  /** @param {string} altered @param {string[]} earlier */
  function become(altered, earlier) {
    past = earlier;
    known = altered;
    set({ altered });
  }

  /** @param {number[]} channels */
  function choose(channels) {
    chosen = channels;
    redraw();
  }

  /** What the keys act on: the selected channels, or the one where the ring is. */
  function targets() {
    const now = view();
    if (!now?.stage || !now.hasPlaces) return null;
    return { now, stage: now.stage.name, channels: chosen.length ? chosen : [now.channel(now.stage)] };
  }

  /** @param {string} factor */
  function change(factor) {
    const at = targets();
    if (!at) return;
    const { altered } = at.now.state;
    const steps = changeChannels(altered, at.stage, at.channels, factor);
    const last = steps.pop();
    if (last !== undefined) become(last, [...past, altered, ...steps]);
  }

  /** Which of on, off, held and doubled all selected channels are; "" where they differ. */
  function choice() {
    const at = targets();
    if (!at) return "";
    const done = changesAt(readChanges(at.now.state.altered) ?? [], at.stage);
    const choices = new Set(at.channels.map((channel) => choiceOf(done.get(channel))));
    return choices.size === 1 ? [...choices][0] : "";
  }

  function undo() {
    const last = past[past.length - 1];
    if (last !== undefined) become(last, past.slice(0, -1));
  }

  function reset() {
    const now = view();
    if (now?.state.altered) become("", [...past, now.state.altered]);
  }

  return {
    get chosen() {
      return chosen;
    },
    /** Whether the network is shown as it was. */
    get isBefore() {
      return isBefore;
    },
    get isPeeking() {
      return peeked !== null;
    },
    change,
    choice,
    undo,
    reset,
    /** One more, or one less. @param {number} channel */
    toggle: (channel) =>
      choose(chosen.includes(channel) ? chosen.filter((each) => each !== channel) : [...chosen, channel]),
    /** @param {number[]} channels */
    add: (channels) => choose([...new Set([...chosen, ...channels])]),
    /** Off, and on again where all are off. */
    switch: () => change(choice() === OFF ? ON : OFF),
    /** @param {number} channel that was clicked */
    peek(channel) {
      if (view()?.state.altered) peeked = channel;
    },
    /** @param {number | null} channel under the pointer */
    pointed(channel) {
      if (peeked === null || channel === peeked) return;
      peeked = null;
      redraw();
    },
    /** The strip as it was, for as long as a key or a button is held. @param {boolean} next */
    showBefore(next) {
      if (isBefore === next) return;
      isBefore = next;
      redraw();
    },
    /** One level back: first the selection, then the alteration. @returns {boolean} whether there was any */
    back() {
      if (!chosen.length && !view()?.state.altered) return false;
      if (chosen.length) choose([]);
      else reset();
      return true;
    },
    /** What follows from another view. @param {State} state @param {State} before */
    follow(state, before) {
      if (state.stage !== before.stage) [chosen, peeked] = [[], null];
      if (state.altered !== known) [past, known] = [stepsTo(state.altered), state.altered];
      if (!state.altered) [isBefore, peeked] = [false, null];
      const { checkpoint, altered } = before;
      if (altered && !state.altered && state.checkpoint !== checkpoint)
        frame.toast(gettext("Another checkpoint: the alteration has ended."), () => set({ checkpoint, altered }));
    },
    /** Another alteration is there than was wanted. @param {string} altered */
    begin(altered) {
      [past, known] = [stepsTo(altered), altered];
    },
  };
}
