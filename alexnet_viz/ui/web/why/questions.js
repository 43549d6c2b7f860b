/** What is asked of the server about one answer: the shown method first, then the others one after the other, cheap ones first. */
import { getExplanation } from "../server/api.js";

/** @typedef {import("../server/api.js").Explanation} Explanation */
/** @typedef {import("../server/api.js").Subject} Subject */
/** @typedef {{target: number, versus: number | null, stage: string}} About */

const ORDER = ["grad-cam", "saliency", "guided-backprop", "deconvolution", "smoothgrad", "integrated-gradients", "occlusion"];

/** @param {{onArrival: () => void, onRefused: (error: unknown) => void}} page */
export function createQuestions({ onArrival, onRefused }) {
  /** @type {Map<string, Explanation>} by method */
  let results = new Map();
  /** @type {Explanation | null} the map of the method that is asked for, before it is judged */
  let preview = null;
  /** @type {Explanation | null} what was shown of another question, until the next is answered */
  let last = null;
  let about = "";
  /** @type {AbortController | null} */
  let asking = null;
  let current = "";

  /** @param {Subject} subject @param {About} question @param {string} method @param {AbortController} mine */
  async function askAll(subject, question, method, mine) {
    for (const each of [method, ...ORDER.filter((other) => other !== method)]) {
      if (results.has(each)) continue;
      current = each;
      try {
        if (each === method) {
          const map = await getExplanation(subject, { ...question, method, judged: false }, mine.signal);
          if (mine.signal.aborted) return;
          preview = map;
          onArrival();
        }
        const found = await getExplanation(subject, { ...question, method: each }, mine.signal);
        if (mine.signal.aborted) return;
        results.set(each, found);
      } catch (error) {
        if (mine.signal.aborted) return;
        asking = null;
        return onRefused(error);
      }
      onArrival();
    }
    asking = null;
    onArrival();
  }

  return {
    get results() {
      return results;
    },
    /** The map of this method, which may not be judged yet. @param {string} method @returns {Explanation | null} */
    map(method) {
      return results.get(method) ?? (preview?.method === method ? preview : null);
    },
    get last() {
      return last;
    },
    /** The method that is being computed, "" for none. */
    get current() {
      return asking ? current : "";
    },
    /** @param {Subject} subject @param {About} question @param {string} method */
    want(subject, question, method) {
      const key = JSON.stringify([subject, question]);
      if (key === about && asking && current === method) return;
      if (key !== about) {
        const isStageOnly = about !== "" && JSON.stringify([subject, { ...question, stage: "" }]) === withoutStage(about);
        last = results.get(method) ?? preview ?? last;
        preview = null;
        results = isStageOnly ? new Map([...results].filter(([name]) => name !== "grad-cam")) : new Map();
      }
      about = key;
      asking?.abort();
      asking = new AbortController();
      void askAll(subject, question, method, asking);
    },
    cancel() {
      asking?.abort();
      asking = null;
      onArrival();
    },
    destroy() {
      asking?.abort();
      asking = null;
    },
  };
}

/** @param {string} about */
function withoutStage(about) {
  const [subject, question] = JSON.parse(about);
  return JSON.stringify([subject, { ...question, stage: "" }]);
}
