/** What is asked of the server about one answer: the shown method first, then the others one after the other, cheap ones first. */
import { getExplanation, getPasses } from "../server/explanations.js";

/** @typedef {import("../server/explanations.js").Explanation} Explanation */
/** @typedef {import("../server/api.js").Subject} Subject */
/** @typedef {{target: number, versus: number | null, stage: string}} About */
/** @typedef {{method: string, done: number, total: number, seconds: number}} Passes of the method that was last heard of, and since when it is asked how far it is */

const ORDER = [
  "grad-cam",
  "saliency",
  "guided-backprop",
  "deconvolution",
  "smoothgrad",
  "integrated-gradients",
  "occlusion",
];
const WATCH_MS = 500; // after so long a page says what it waits for

/** @param {{onArrival: () => void, onPasses: () => void, onRefused: (error: unknown) => void}} page */
export function createQuestions({ onArrival, onPasses, onRefused }) {
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
  /** @type {Passes | null} */
  let passes = null;

  /** One explanation, and while it is on its way how far it is. @param {Subject} subject @param {import("../server/explanations.js").Question} question @param {AbortController} mine */
  async function explained(subject, question, mine) {
    const id = crypto.randomUUID?.() ?? String(Math.random());
    const started = performance.now();
    let isOver = false;
    const watch = setInterval(() => {
      getPasses(id).then(
        ({ done, total }) => {
          if (mine.signal.aborted || asking !== mine || isOver) return;
          passes = { method: question.method, done, total, seconds: (performance.now() - started) / 1000 };
          onPasses();
        },
        () => undefined, // the question itself tells what went wrong
      );
    }, WATCH_MS);
    try {
      return await getExplanation(subject, { ...question, id }, mine.signal);
    } finally {
      isOver = true;
      clearInterval(watch);
    }
  }

  /** @param {Subject} subject @param {About} question @param {string} method @param {AbortController} mine */
  async function askAll(subject, question, method, mine) {
    for (const each of [method, ...ORDER.filter((other) => other !== method)]) {
      if (results.has(each)) continue;
      current = each;
      try {
        if (each === method) {
          const map = await explained(subject, { ...question, method, judged: false }, mine);
          if (mine.signal.aborted) return;
          preview = map;
          onArrival();
        }
        const found = await explained(subject, { ...question, method: each }, mine);
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
    /** The method that is being computed, or was when it was cancelled. */
    get current() {
      return current;
    },
    get isAsking() {
      return asking !== null;
    },
    /** How far it is, or was when it was cancelled; null until there is something to tell. Of the method before until more is known. */
    get passes() {
      return passes;
    },
    /** @param {Subject} subject @param {About} question @param {string} method */
    want(subject, question, method) {
      const key = JSON.stringify([subject, question]);
      if (key === about && asking && current === method) return;
      if (key !== about) {
        const isStageOnly =
          about !== "" && JSON.stringify([subject, { ...question, stage: "" }]) === withoutStage(about);
        last = results.get(method) ?? preview ?? last;
        preview = null;
        results = isStageOnly ? new Map([...results].filter(([name]) => name !== "grad-cam")) : new Map();
      }
      about = key;
      passes = null;
      asking?.abort();
      asking = new AbortController();
      void askAll(subject, question, method, asking);
    },
    cancel() {
      if (passes?.method !== current) passes = null; // cancelled before it told anything
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
