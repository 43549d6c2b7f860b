/** What outlives a change of page within the tab: one's own photos and model files beside those that the server lists. */

/** @typedef {import("../server/api.js").Photo} Photo */
/** @typedef {import("../server/api.js").CheckpointEntry} CheckpointEntry */

export const kept = {
  /** @type {Photo[]} */
  photos: [],
  /** @type {CheckpointEntry[]} */
  checkpoints: [],
};

/** @param {{photos: Photo[], checkpoints: CheckpointEntry[]}} listed what the server lists now */
export function refresh(listed) {
  kept.photos = [...listed.photos, ...kept.photos.filter((photo) => !photo.gallery)];
  kept.checkpoints = [...listed.checkpoints, ...kept.checkpoints.filter((entry) => entry.name.startsWith("own-"))];
}

/** @param {Photo[]} photos sent just now */
export function keepPhotos(photos) {
  kept.photos.push(...photos.filter((photo) => !kept.photos.some((known) => known.id === photo.id)));
}

/** @param {string} id @returns {boolean} whether a photo is one of the gallery's, which an address may name */
export function isGallery(id) {
  return kept.photos.find((photo) => photo.id === id)?.gallery ?? false;
}
