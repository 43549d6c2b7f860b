/** The frames of a replay: what the photo was to each kept epoch, fetched around the epoch on the screen until all are here. */
import { address, getJson } from "../server/api.js";
import { readBundle } from "../server/binary_message.js";

/** @typedef {{map: Float32Array, filters: Float32Array, probabilities: Float32Array}} Frame */
/** @typedef {{run: string, photo: string, stage: string, channel: string}} Subject channel "" for the server's choice */
/** @typedef {{stages: Record<string, number[]>, channel: number, filter: number, filters: number, classes: string[]}} About */

const AGAIN = 1500; // ms, after a refusal

/** @param {{onFrames: () => void, onFail: (error: unknown) => void}} actions */
export function createReplay(actions) {
  /** @type {Map<string, Frame>} by checkpoint */
  let frames = new Map();
  /** @type {Set<string>} checkpoints of which there is no frame to be had */
  let refused = new Set();
  /** @type {About | null} */
  let about = null;
  /** @type {Subject | null} */
  let subject = null;
  /** @type {string[]} */
  let wanted = [];
  let near = 0;
  let request = 0;
  let isAsking = false;
  /** @type {Float32Array | null} */
  let limits = null;

  async function fetchAll() {
    if (isAsking || !subject) return;
    isAsking = true;
    const thisRequest = request;
    let pending = -1;
    try {
      while (thisRequest === request && wanted.some(isMissing)) {
        const before = frames.size;
        const { header, arrays } = readBundle(await getJson(`runs/${subject.run}/replay`, query(subject)));
        if (thisRequest !== request) break;
        take(header, /** @type {Record<string, Float32Array>} */ (arrays));
        actions.onFrames();
        tellRefused(header.refused);
        if (frames.size === before && header.pending === pending) break; // nothing moves: not to be asked for again and again
        pending = header.pending;
      }
    } catch (error) {
      if (thisRequest === request) {
        actions.onFail(error);
        setTimeout(() => thisRequest === request && void fetchAll(), AGAIN * 4);
      }
    }
    isAsking = false;
    if (thisRequest !== request && subject) void fetchAll();
  }

  /** @param {string} name */
  const isMissing = (name) => !frames.has(name) && !refused.has(name);

  /** @param {Record<string, string>} problems by checkpoint */
  function tellRefused(problems) {
    const added = Object.entries(problems).filter(([name]) => !refused.has(name));
    refused = new Set(Object.keys(problems));
    if (added.length) actions.onFail(new Error(added[0][1]));
  }

  /** @param {Subject} own @returns {Record<string, string>} */
  function query(own) {
    const pinned = about ? { channel: String(about.channel) } : { channel: own.channel };
    return { photo: own.photo, stage: own.stage, ...pinned, near: String(near), have: [...frames.keys()].join() };
  }

  /** @param {any} header @param {Record<string, Float32Array>} arrays */
  function take(header, arrays) {
    for (const name of header.frames)
      frames.set(name, {
        map: arrays[`map:${name}`],
        filters: arrays[`filters:${name}`],
        probabilities: arrays[`probabilities:${name}`],
      });
    limits = null;
    if (header.stages)
      about = {
        stages: header.stages,
        channel: header.channel,
        filter: about?.filter ?? header.filter,
        filters: header.filters,
        classes: header.classes,
      };
  }

  /** @param {Subject | null} next */
  function begin(next) {
    request += 1;
    frames = new Map();
    refused = new Set();
    limits = null;
    about =
      about && next && next.run === subject?.run
        ? { ...about, channel: next.channel === "" ? -1 : Number(next.channel) }
        : null;
    subject = next;
  }

  return {
    get about() {
      return about;
    },
    /** @param {string} name @returns {Frame | null} */
    get: (name) => frames.get(name) ?? null,
    all: () => [...frames.values()],
    /** @returns {Float32Array} the largest magnitude of each filter over all epochs */
    filterLimits: () => (limits ??= limitsOf([...frames.values()], about)),
    /** What is being computed comes to its end on the server; nothing more is asked for. */
    destroy() {
      request += 1;
      subject = null;
    },
    /**
     * @param {Subject | null} next
     * @param {string[]} names checkpoints of the run
     * @param {number} epoch the one on the screen
     */
    update(next, names, epoch) {
      near = epoch;
      const isNew = JSON.stringify(next) !== JSON.stringify(subject);
      const isResumed = names.length > 0 && [...frames.keys()].some((name) => !names.includes(name));
      wanted = names;
      if (isNew) {
        begin(next);
      } else if (isResumed) frames = new Map([...frames].filter(([name]) => names.includes(name)));
      if (subject && names.some(isMissing)) void fetchAll();
    },
  };
}

/** @param {Frame[]} frames @param {About | null} about @returns {Float32Array} */
function limitsOf(frames, about) {
  const found = new Float32Array(about?.filters ?? 0);
  for (const { filters } of frames) {
    const size = filters.length / found.length;
    filters.forEach(
      (value, i) => (found[Math.floor(i / size)] = Math.max(found[Math.floor(i / size)], Math.abs(value))),
    );
  }
  return found;
}

/** @param {string} run @param {string} checkpoint @returns {string} */
export function checkpointAddress(run, checkpoint) {
  return address(`runs/${run}/checkpoints/${checkpoint}`).href;
}
