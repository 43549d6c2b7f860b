/**
 * The lesson as the server tells it to this tab, and what the tab tells the server. One for a tab: pages come and go.
 *
 *     lesson.start();
 *     const end = lesson.subscribe(() => draw(lesson.state));
 *     lesson.answer(27);            // goes out by itself once there is a connection again
 */
import { gettext } from "../lib/language.js";
import { getNews, postJson, ServerError } from "../server/api.js";

/** @typedef {{answer: string, count: number, right: boolean}} Spread */
/** @typedef {{answer: string, explanation: string, spread: Spread[], is_right: boolean | null}} Revealed */
/** @typedef {{kind: string, ask: string, hint: string, unit: string, choices: string[], numbers: number, answered: number, own: string | null, revealed: Revealed | null}} Question */
/** @typedef {{path: string, query: Record<string, string>}} View */
/**
 * @typedef {{version: number, role: "teacher" | "class", serving: boolean, address: string, phase: "before" | "running" | "over", title: string, step: number, steps: number,
 *   text: string, is_blank: boolean, is_free: boolean, calls: number, here: number, view: View, question: Question | null, square: number | null, is_alone: boolean,
 *   names: Record<string, Record<string, string>>, may_train: boolean}} Lesson names: of units, by digest and "block2 111"
 */
/** @typedef {{unit: string, checkpoint: string, names: {name: string, count: number, chosen: boolean}[]}} Proposals */
/** @typedef {Lesson & {code: string, lesson: string, minutes: number, list: {title: string, about: string, note: string}[], spread: Spread[], right: string, explanation: string, squares: string[], proposals: Proposals[]}} TeachersLesson */

const AGAIN_MS = 1000;

function createStore() {
  /** @type {Lesson | null} */
  let state = null;
  let isStarted = false;
  let isLost = false;
  let refusal = "";
  /** @type {{title: string, step: number, answer: unknown} | null} title: of the lesson that asked */
  let pending = null;
  /** @type {Set<() => void>} */
  const listeners = new Set();

  const tell = () => listeners.forEach((listener) => listener());

  async function follow() {
    for (;;) {
      try {
        const before = state?.version;
        state = await getNews("class", { since: String(before ?? "") });
        const wasLost = isLost;
        isLost = false;
        if (pending) await flush();
        if (wasLost || state?.version !== before) tell();
      } catch (error) {
        // A server that was started anew with another lesson does not know this tab; there is a page that asks for the code.
        if (error instanceof ServerError && error.answer?.join) return location.reload();
        isLost = true;
        tell();
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
  }

  async function flush() {
    const sent = pending;
    if (!sent) return;
    if (sent.title !== state?.title) {
      [pending, refusal] = [null, gettext("The class is at another question by now.")];
      return tell();
    }
    try {
      await postJson("class/answer", { step: sent.step, answer: sent.answer });
      if (pending === sent) pending = null;
    } catch (error) {
      const isRefused = error instanceof ServerError && error.answer !== null;
      if (!isRefused) return; // no connection: it waits
      refusal = /** @type {Error} */ (error).message;
      if (pending === sent) pending = null;
    }
    tell();
  }

  return {
    /** @returns {Lesson | null} null before the first answer */
    get state() {
      return state;
    },
    get isLost() {
      return isLost;
    },
    get isPending() {
      return pending !== null && pending.step === state?.step;
    },
    /** Why the last answer was not taken. */
    get refusal() {
      return refusal;
    },
    start() {
      if (isStarted) return;
      isStarted = true;
      void follow();
    },
    /** @param {() => void} listener @returns {() => void} ends it */
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /** @param {unknown} answer numbers, or the place of a choice: its words are another language's elsewhere */
    answer(answer) {
      refusal = "";
      pending = { title: state?.title ?? "", step: state?.step ?? -1, answer };
      tell();
      void flush();
    },
    /** @param {string} path @param {Record<string, unknown>} body @returns {Promise<any>} */
    send(path, body) {
      return postJson(`class/${path}`, body);
    },
  };
}

export const lesson = createStore();
