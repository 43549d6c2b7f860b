/** One's own photo through a reload, for as long as the server has it. */
import { getJson } from "../server/api.js";
import { keepPhotos } from "./tab_memory.js";

/** Where one's own photo is kept for a reload: its name means something to this server only, so it is no part of a link. */
const OWN_PHOTO = "alexnet_viz.photo";

/** @param {string} photo @param {boolean} isGallery Whether it can be named in a link; one's own is kept for a reload. */
export function keepPhoto(photo, isGallery) {
  if (isGallery) sessionStorage.removeItem(OWN_PHOTO);
  else sessionStorage.setItem(OWN_PHOTO, photo);
}

/** @returns {string | null} one's own photo from before a reload, where the address does not name another */
export function keptPhoto() {
  return new URLSearchParams(location.search).has("photo") ? null : sessionStorage.getItem(OWN_PHOTO);
}

export function forgetKeptPhoto() {
  sessionStorage.removeItem(OWN_PHOTO);
}

/** A reload keeps one's own photo for as long as the server has it. @param {string} id @returns {Promise<boolean>} whether it has */
export async function recoverPhoto(id) {
  try {
    keepPhotos([await getJson(`photos/${id}/about`)]);
    return true;
  } catch {
    forgetKeptPhoto(); // The server has let it go: the gallery's first is shown instead.
    return false;
  }
}
