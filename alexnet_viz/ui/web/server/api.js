/** How the server is asked, and what most pages ask it. Answers are kept for as long as the tab lives, up to a number of bytes. */
import { gettext, language, ngettext } from "../lib/language.js";
import { readBundle } from "./binary_message.js";

/** @typedef {import("./binary_message.js").Bundle} Bundle */
/** @typedef {{id: string, name: string, title: string, width: number, height: number, full_size?: [number, number], credit?: string, licence?: string, source?: string, gallery: boolean}} Photo */
/**
 * @typedef {{name: string, title: string, trained: boolean, classes: number, variant?: string, group?: "shipped" | "trained" | "own" | "elsewhere", kind?: string,
 *   score?: {share: number, pictures: string} | null, bytes?: number | null, size?: string}} CheckpointEntry `kind`: the same for networks of the same classes; `size`: in words, in place of `bytes`
 */
/** @typedef {{name: string, title: string, kind: string, shape: number[], minimum: number, maximum: number, limit: number, signed: boolean, field: number, jump: number, start: number, reach: number, finite: boolean}} Stage */
/** @typedef {{photo: Photo, checkpoint: {name: string, title: string, digest: string, classes: string[], trained: boolean, variant: string, epoch: number | null, assumed: string[], chosen: string[], undecided: string[], normalisation: string, alike: {name: string, title: string}[]}, has_answer: boolean, altered: {changes: string, change: Record<string, number | null>} | null, input: {size: number, resize: "crop" | "squash", short_side?: number, box: [number, number, number, number], mean: number[], std: number[]}, stages: Stage[], device: string, seconds: number, memory: number, waiting: number}} TraceHeader */
/** @typedef {{header: TraceHeader, seen: Uint8Array, faces: Record<string, Float32Array>, statistics: Record<string, Float32Array>, logits: Float32Array, probabilities: Float32Array}} Trace */
/** @typedef {{photo: string, checkpoint: string, resize: string, altered?: string}} Subject What a trace is of; `altered` only where the network is. */

const BASE = new URL("api/", document.baseURI);
const CACHE_BYTES = 160e6;
/** @type {Map<string, Promise<Bundle>>} newest last */
const bundles = new Map();
/** @type {Map<string, number>} */
const sizes = new Map();
/** `pending`: questions on their way; `heard`: when the server answered last, or was first asked after a silence. */
export const traffic = { bytes: 0, pending: 0, heard: 0 };
/** This tab's session of Streamlit's: with it go the model files that were sent. In addresses only where the browser keeps no cookie. */
export const session = { id: "", isInAddresses: false };

const NO_ANSWER = gettext("The server does not answer. Is it still running?");

/** What the server refuses, in its own words. */
export class ServerError extends Error {
  /** @param {string} words @param {any} [answer] what it says beside them */
  constructor(words, answer = null) {
    super(words);
    this.answer = answer;
  }
}

/** What every question says of who asks. */
const about = () => ({ "X-Session": session.id, "Accept-Language": language });

/**
 * @param {string} path
 * @param {Record<string, string>} [query]
 * @returns {URL}
 */
export function address(path, query = {}) {
  const url = new URL(path, BASE);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  if (session.isInAddresses) url.searchParams.set("session", session.id);
  return url;
}

/**
 * What the server says no to comes as {"error": sentence}, with status 200 so that the browser's console stays clean.
 * @param {URL} url
 * @param {RequestInit} [options]
 * @returns {Promise<any>} JSON as what it says, anything else as an ArrayBuffer
 */
export async function ask(url, options) {
  let response, answer;
  if (traffic.pending === 0) traffic.heard = performance.now();
  traffic.pending += 1;
  try {
    response = await fetch(url, { ...options, headers: { ...about(), ...options?.headers } });
    traffic.heard = performance.now();
    answer = await (response.headers.get("content-type")?.startsWith("application/json")
      ? response.json()
      : response.arrayBuffer());
  } catch {
    throw new ServerError(NO_ANSWER);
  } finally {
    traffic.pending -= 1;
  }
  return accepted(answer, response.status);
}

/** @param {any} answer null where it was not read @param {number} status @returns {any} the answer, if it is no refusal */
function accepted(answer, status) {
  if (!answer || answer.error !== undefined || status < 200 || status > 299)
    throw new ServerError(answer?.error ?? gettext("The server answered {status}.", { status }), answer);
  return answer;
}

/** @param {string} path @param {Record<string, string>} [query] @returns {Promise<any>} */
export function getJson(path, query) {
  return ask(address(path, query));
}

/**
 * An answer that waits for news, asked past the browser's cache: that would have a second tab wait for the answer to the first.
 * @param {string} path @param {Record<string, string>} query @returns {Promise<any>}
 */
export function getNews(path, query) {
  return ask(address(path, query), { cache: "no-store" });
}

/**
 * @param {string} path
 * @param {Record<string, string>} query
 * @returns {Promise<Bundle>} from the tab's memory where it has been asked for before
 */
export function getBundle(path, query) {
  const url = address(path, query);
  const known = bundles.get(url.href);
  if (known) {
    bundles.delete(url.href);
    bundles.set(url.href, known);
    return known;
  }
  const answer = ask(url).then((/** @type {ArrayBuffer} */ buffer) => {
    traffic.bytes = buffer.byteLength;
    sizes.set(url.href, buffer.byteLength * 3);
    forgetOldest();
    return readBundle(buffer);
  });
  bundles.set(url.href, answer);
  answer.catch(() => bundles.delete(url.href));
  return answer;
}

function forgetOldest() {
  let total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  for (const key of [...bundles.keys()]) {
    if (total <= CACHE_BYTES) return;
    total -= sizes.get(key) ?? 0;
    sizes.delete(key);
    bundles.delete(key);
  }
}

/** @param {Subject} subject @returns {Promise<Trace>} */
export async function getTrace(subject) {
  const { header, arrays } = await getBundle("trace", { ...subject });
  /** @type {Trace} */
  const trace = {
    header,
    seen: /** @type {Uint8Array} */ (arrays.seen),
    faces: {},
    statistics: {},
    logits: /** @type {Float32Array} */ (arrays.logits),
    probabilities: /** @type {Float32Array} */ (arrays.probabilities),
  };
  for (const [name, values] of Object.entries(arrays)) {
    const [kind, stage] = name.split(":");
    if (stage && kind === "face") trace.faces[stage] = /** @type {Float32Array} */ (values);
    if (stage && kind === "statistics") trace.statistics[stage] = /** @type {Float32Array} */ (values);
  }
  return trace;
}

/**
 * All values of one stage.
 * @param {Subject} subject
 * @param {string} stage
 * @param {string} digest The checkpoint's content, so that the answer may be kept for ever.
 * @returns {Promise<Float32Array>} (C, H, W) or (C,)
 */
export async function getStage(subject, stage, digest) {
  const { arrays } = await getBundle(`stages/${stage}`, { ...subject, digest });
  return /** @type {Float32Array} */ (arrays.values);
}

/**
 * @typedef {{values: Float32Array, excited: Float32Array | null, isReadable: boolean, shape: number[]}} Filters conv1's, (channels, 3, k, k):
 *   as stored, what pictures excite of them, and whether the two look alike
 */

/**
 * @param {string} checkpoint
 * @param {string} digest
 * @returns {Promise<Filters>}
 */
export async function getFilters(checkpoint, digest) {
  const { header, arrays } = await getBundle("filters", { checkpoint, digest });
  const { values, excited = null } = /** @type {Record<string, Float32Array>} */ (arrays);
  return { values, excited, isReadable: header.is_readable, shape: header.shape };
}

/** @param {Blob} file @param {string} name @returns {Promise<Photo>} */
export function sendPhoto(file, name) {
  return ask(address("photos", { name }), { method: "POST", body: file });
}

/** @param {File} file @param {(words: string) => void} say @param {AbortSignal} signal @returns {Promise<CheckpointEntry>} */
export function sendCheckpoint(file, say, signal) {
  return sendFile("checkpoints", file, say, signal, { session: session.id });
}

/**
 * A large file to the server, with words on how far it is; fetch does not tell that.
 * @param {string} path @param {File} file @param {(words: string) => void} say @param {AbortSignal} signal ends it, and the server's looking through it
 * @param {Record<string, string>} [query]
 * @returns {Promise<any>}
 */
export async function sendFile(path, file, say, signal, query = {}) {
  const request = new XMLHttpRequest();
  request.responseType = "json";
  request.upload.onprogress = ({ loaded, total }) =>
    say(gettext("Sending {file}, {percent} %", { file: file.name, percent: Math.floor((100 * loaded) / total) }));
  request.upload.onload = () => say(gettext("Looking through {file}", { file: file.name }));
  await new Promise((resolve, reject) => {
    request.onload = resolve;
    request.onerror = () => reject(new ServerError(NO_ANSWER));
    request.onabort = () => reject(signal.reason);
    signal.addEventListener("abort", () => request.abort());
    request.open("POST", address(path, { name: file.name, ...query }));
    for (const [name, value] of Object.entries(about())) request.setRequestHeader(name, value);
    request.send(file);
  });
  return accepted(request.response, request.status);
}

/** @param {string} path @param {unknown} [body] @param {Record<string, string>} [query] @param {AbortSignal} [signal] ends the work on the server too @returns {Promise<any>} */
export function postJson(path, body = {}, query = {}, signal = undefined) {
  return ask(address(path, query), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
}

/**
 * How many of some test pictures are answered rightly, before and altered, a few pictures at a time.
 * @param {Subject} subject @param {number} first
 * @returns {Promise<{title: string, total: number, count: number, before: number, after: number}>} no title where there are no pictures
 */
export function getRightAnswers(subject, first) {
  return getJson("altered/right", { ...subject, first: String(first) });
}

/** @param {string} photo @param {number} side longest side in pixels @returns {string} */
export function pictureAddress(photo, side) {
  return address(`photos/${photo}`, { side: String(side) }).href;
}

/** After this long a page says who is before this photo, and again and again. */
const ASK_QUEUE_MS = 500;

/**
 * While an answer is on its way, say how many others come first.
 * @template Answer
 * @param {() => Promise<Answer>} ask
 * @param {() => boolean} isWanted whether it is still this answer that the page waits for
 * @param {(words: string) => void} say "Computing. 3 photos are before yours."
 * @returns {Promise<Answer>}
 */
export async function inTurn(ask, isWanted, say) {
  const timer = setInterval(async () => {
    if (!isWanted()) return;
    const { before } = await getJson("queue").catch(() => ({ before: 0 }));
    if (isWanted() && before)
      say(
        ngettext("Computing. {n} photo is before yours.", "Computing. {n} photos are before yours.", before, {
          n: before,
        }),
      );
  }, ASK_QUEUE_MS);
  try {
    return await ask();
  } finally {
    clearInterval(timer);
  }
}
