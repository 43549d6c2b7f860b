/** What outlives a change of page within the tab: one's own photos and model files beside those that the server lists. */
import { getJson, session } from "../server/api.js";
import { recall, remember } from "./tab_storage.js";

/** @typedef {import("../server/api.js").Photo} Photo */
/** @typedef {import("../server/api.js").CheckpointEntry} CheckpointEntry */

/** Under which one's own model files are remembered through a reload: only this tab knows their names. */
const OWN = "own_checkpoints";

export const kept = {
  /** @type {Photo[]} one's own first, the newest of them first */
  photos: [],
  /** @type {CheckpointEntry[]} */
  checkpoints: [],
};

/** @param {{photos: Photo[], checkpoints: CheckpointEntry[]}} listed what the server lists now */
export function refresh(listed) {
  kept.photos = [...kept.photos.filter((photo) => !photo.gallery), ...listed.photos];
  kept.checkpoints = [...listed.checkpoints, ...ownCheckpoints()];
}

/** @param {string} checkpoint @returns {boolean} whether it is a model file that one has sent, which other tabs do not know */
export function isOwnCheckpoint(checkpoint) {
  return checkpoint.startsWith("own-");
}

/** @returns {CheckpointEntry[]} */
function ownCheckpoints() {
  const own = kept.checkpoints.length ? kept.checkpoints : recall(OWN);
  return Array.isArray(own) ? own.filter((entry) => isOwnCheckpoint(entry.name)) : [];
}

/** @param {CheckpointEntry} entry sent just now, or written into the folder of kept ones @param {string} [instead] the one whose place it takes */
export function keepCheckpoint(entry, instead = "") {
  kept.checkpoints = [...kept.checkpoints.filter((known) => known.name !== instead && known.name !== entry.name), entry];
  remember(OWN, ownCheckpoints());
}

/** After a reload, the server is told that one's own model files are still wanted. @param {string} checkpoint @returns {Promise<boolean>} whether it has it */
export async function recoverCheckpoint(checkpoint) {
  try {
    keepCheckpoint(await getJson(`checkpoints/${checkpoint}`, { session: session.id }));
    return true;
  } catch {
    kept.checkpoints = kept.checkpoints.filter((entry) => entry.name !== checkpoint);
    remember(OWN, ownCheckpoints());
    return false;
  }
}

/** @param {Photo[]} photos sent just now */
export function keepPhotos(photos) {
  kept.photos = [...photos.filter((photo) => !kept.photos.some((known) => known.id === photo.id)), ...kept.photos];
}

/** A person's own photo has an unguessable name, which means something in this tab only. @param {string} id @returns {boolean} */
export function isOwnPhoto(id) {
  return /^[0-9a-f]{32}$/.test(id) && !isGallery(id);
}

/** @param {string} id @returns {boolean} whether a photo is one of the gallery's, which an address may name */
export function isGallery(id) {
  return kept.photos.find((photo) => photo.id === id)?.gallery ?? false;
}
