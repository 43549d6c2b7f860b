/** What is drawn: one photo's pass through one network, and what has arrived of its numbers. The server is asked here. */
import { getFilters, getStage, getTrace, inTurn, pictureAddress } from "../server/api.js";
import { groupOf } from "../lib/format.js";
import { createLatest } from "../lib/latest.js";
import { readChanges } from "./alteration.js";

/** @typedef {import("../server/api.js").Subject} Subject */
/** @typedef {import("../server/api.js").Trace} Trace */
/**
 * @typedef {{subject: Subject, trace: Trace, before: Trace | null, values: Map<string, Float32Array>, valuesBefore: Map<string, Float32Array>,
 *   filters: import("../server/api.js").Filters | null, original: HTMLImageElement | null}} Shown
 * `values` by stage; `before`: of the unaltered network, where it is altered; `valuesBefore`: of the stages whose channels are changed
 */

/** @param {Subject} subject @returns {Subject} */
export function unaltered({ photo, checkpoint, resize }) {
  return { photo, checkpoint, resize };
}

/**
 * @param {{stage: () => string, onTrace: () => void, onArrival: (stage: string | null) => void, onWaiting: (words: string) => void,
 *   onRefused: (error: unknown, shown: Subject | null) => void, onStageRefused: (error: unknown) => void}} page
 *   the open stage, and who is told: of a new pass; of a stage's values, or the original photo and the filters (null); of who is
 *   before this photo; of a pass that was refused, with what stays on the screen; of a stage whose values do not come
 */
export function createShown(page) {
  /** @type {Shown | null} */
  let shown = null;
  const traces = createLatest({ ask, onAnswer, onRefused: page.onRefused });

  /** @param {Subject} subject @param {() => boolean} isWanted */
  async function ask(subject, isWanted) {
    const [trace, before] = await inTurn(
      () => Promise.all([getTrace(subject), subject.altered ? getTrace(unaltered(subject)) : null]),
      isWanted,
      page.onWaiting,
    );
    // Only what the network does has changed: the wall that stands there is not taken away before the next is whole.
    if (isWanted() && isSamePass(subject) && page.stage() !== "input")
      await fetchValues({ subject, trace }, page.stage());
    return { trace, before };
  }

  /** @param {{trace: Trace, before: Trace | null}} answer @param {Subject} subject */
  function onAnswer({ trace, before }, subject) {
    const last = isSamePass(subject) ? shown : null;
    shown = {
      subject,
      trace,
      before,
      values: new Map(),
      valuesBefore: new Map(),
      filters: last?.filters ?? null,
      original: last?.original ?? null,
    };
    page.onTrace();
    const own = shown;
    void loadStage().then(() => loadRest(own));
  }

  /** The values of the open stage, where they are not there yet. */
  async function loadStage() {
    const own = shown;
    const name = page.stage();
    if (!own || name === "input" || own.values.has(name)) return;
    await fetchStage(own, name).catch((error) => own === shown && page.onStageRefused(error));
  }

  /** Whether the last pass was of the same photo and checkpoint. @param {Subject} subject */
  function isSamePass({ photo, checkpoint, resize }) {
    const last = shown?.subject;
    return last?.photo === photo && last.checkpoint === checkpoint && last.resize === resize;
  }

  /** @param {Shown} own @param {string} name */
  async function fetchStage(own, name) {
    const { values, before } = await fetchValues(own, name);
    if (before) own.valuesBefore.set(name, before);
    own.values.set(name, values);
    if (shown === own) page.onArrival(name);
  }

  /** What will be wanted next, of an unaltered network: the original, the filters, every block's output, what has a face, the rest of the open block. @param {Shown} own */
  async function loadRest(own) {
    const { checkpoint, photo, stages } = own.trace.header;
    if (own.filters && own.original && own.before) return; // the next press of a key alters it anew
    const picture = new Image();
    picture.onload = () => {
      own.original = picture;
      if (shown === own) page.onArrival(null);
    };
    picture.src = pictureAddress(photo.id, 1280);
    try {
      own.filters = await getFilters(checkpoint.name, checkpoint.digest);
    } catch (error) {
      if (shown === own) page.onStageRefused(error);
      return;
    }
    if (shown === own) page.onArrival(null);
    const names = stages.map((stage) => stage.name);
    const first = names.filter((name) => name.endsWith(".pool") || !name.includes("."));
    const then = names.filter((name) => name.endsWith(".relu") || groupOf(name) === groupOf(page.stage()));
    for (const name of new Set([...first, ...then])) {
      if (shown !== own) return;
      try {
        if (!own.values.has(name)) await fetchStage(own, name);
      } catch {
        return; // nobody has asked for it yet: who opens it asks again, and is told
      }
    }
  }

  return {
    get current() {
      return shown;
    },
    /** Whether what is drawn is of another subject than the one wanted. */
    get isStale() {
      return traces.isStale;
    },
    get isWaiting() {
      return traces.isWaiting;
    },
    load: traces.want,
    /** The same subject is asked for again at the next `load`: its checkpoint is taken for another network now. */
    forget: traces.forget,
    loadStage,
    /** Nothing that is still on its way is drawn any more. */
    destroy() {
      traces.end();
      shown = null;
    },
  };
}

/**
 * A stage's values, and those before where its own channels are changed.
 * @param {{subject: Subject, trace: Trace}} own @param {string} name
 */
async function fetchValues(own, name) {
  const { altered, checkpoint } = own.trace.header;
  const plain = unaltered(own.subject);
  // What stands before the alteration has the unaltered network's address, so that it is here already.
  const isAltered = altered !== null && name in altered.change;
  const isChanged = altered !== null && (readChanges(altered.changes) ?? []).some(({ stage }) => stage === name);
  const [values, before] = await Promise.all([
    getStage(isAltered ? own.subject : plain, name, checkpoint.digest),
    isChanged ? getStage(plain, name, checkpoint.digest) : null,
  ]);
  return { values, before };
}
