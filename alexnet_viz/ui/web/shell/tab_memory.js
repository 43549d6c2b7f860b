/** What outlives a change of page within the tab: one's own photos and model files beside those that the server lists. */
import { getJson, session } from "../server/api.js";
import { isRefusal } from "../server/refusal.js";
import { recall, remember } from "./tab_storage.js";

/** @typedef {import("../server/api.js").Photo} Photo */
/** @typedef {import("../server/api.js").CheckpointEntry} CheckpointEntry */

/** Under which one's own photos and model files are remembered through a reload: only this tab knows their names. */
const OWN_PHOTOS = "own_photos";
const OWN_CHECKPOINTS = "own_checkpoints";

export const kept = {
  /** @type {Photo[]} one's own first, the newest of them first */
  photos: [],
  /** @type {CheckpointEntry[]} */
  checkpoints: [],
};

/** @param {{photos: Photo[], checkpoints: CheckpointEntry[]}} listed what the server lists now */
export function refresh(listed) {
  const isReloaded = !kept.checkpoints.length;
  kept.photos = [...ownPhotos(), ...listed.photos];
  kept.checkpoints = [...listed.checkpoints, ...ownCheckpoints()];
  // A reload begins another session, and with the one before the server would let the files go.
  if (isReloaded) for (const { name } of ownCheckpoints()) void recoverCheckpoint(name);
}

/** @returns {Photo[]} */
function ownPhotos() {
  const own = kept.photos.length ? kept.photos : recall(OWN_PHOTOS);
  return Array.isArray(own) ? own.filter((photo) => !photo.gallery) : [];
}

/** @param {string} checkpoint @returns {boolean} whether it is a model file that one has sent, which other tabs do not know */
export function isOwnCheckpoint(checkpoint) {
  return checkpoint.startsWith("own-");
}

/** @param {string} data @returns {boolean} whether an image set is a zip that one has sent, which other browsers do not know */
export function isOwnData(data) {
  return data.startsWith("folder-");
}

/** @returns {CheckpointEntry[]} */
function ownCheckpoints() {
  const own = kept.checkpoints.length ? kept.checkpoints : recall(OWN_CHECKPOINTS);
  return Array.isArray(own) ? own.filter((entry) => isOwnCheckpoint(entry.name)) : [];
}

/** @param {CheckpointEntry} entry sent just now, or written into the folder of kept ones @param {string} [instead] the one whose place it takes */
export function keepCheckpoint(entry, instead = "") {
  kept.checkpoints = [
    ...kept.checkpoints.filter((known) => known.name !== instead && known.name !== entry.name),
    entry,
  ];
  remember(OWN_CHECKPOINTS, ownCheckpoints());
}

/** After a reload, the server is told that one's own model files are still wanted. @param {string} checkpoint @returns {Promise<boolean>} false where it says that it does not have it */
export async function recoverCheckpoint(checkpoint) {
  try {
    keepCheckpoint(await getJson(`checkpoints/${checkpoint}`, { session: session.id }));
    return true;
  } catch (error) {
    if (!isRefusal(error)) return true;
    kept.checkpoints = kept.checkpoints.filter((entry) => entry.name !== checkpoint);
    remember(OWN_CHECKPOINTS, ownCheckpoints());
    return false;
  }
}

/** @param {Photo[]} photos sent just now */
export function keepPhotos(photos) {
  kept.photos = [...photos.filter((photo) => !kept.photos.some((known) => known.id === photo.id)), ...kept.photos];
  remember(OWN_PHOTOS, ownPhotos());
}

/** @param {string} id @returns {boolean} whether this tab has sent the photo, or had it before a reload */
export function knownPhoto(id) {
  return ownPhotos().some((photo) => photo.id === id);
}

/** @param {string} id of a photo that the server has let go */
export function dropPhoto(id) {
  kept.photos = kept.photos.filter((photo) => photo.id !== id);
  remember(OWN_PHOTOS, ownPhotos());
}

/** A person's own photo has an unguessable name, which means something in this tab only. @param {string} id @returns {boolean} */
export function isOwnPhoto(id) {
  return /^[0-9a-f]{32}$/.test(id) && !isGallery(id);
}

/** @param {string} id @returns {boolean} whether a photo is one of the gallery's, which an address may name */
export function isGallery(id) {
  return kept.photos.find((photo) => photo.id === id)?.gallery ?? false;
}

/** The photos that there are, for a pick. @returns {{value: string, title: string}[]} */
export function photoOptions() {
  return kept.photos.map(({ id, name }) => ({ value: id, title: name }));
}
