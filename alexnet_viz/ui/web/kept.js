/** What outlives a change of page within the tab: one's own photos and model files beside those that the server lists. */

/** @typedef {import("./api.js").Photo} Photo */
/** @typedef {import("./api.js").CheckpointEntry} CheckpointEntry */

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
