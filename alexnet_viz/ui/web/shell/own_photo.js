/** One's own photo through a reload, for as long as the server has it. */
import { getJson } from "../server/api.js";
import { dropPhoto, keepPhotos } from "./tab_memory.js";
import { recall, remember } from "./tab_storage.js";

/** What all pages share, as shell/url_state.js keeps it; a photo of one's own has a name of 32 hexadecimal digits. */
const SHARED = "shared";
const OWN = /^[0-9a-f]{32}$/;

/** @param {string} photo */
export function keepPhoto(photo) {
  remember(SHARED, { ...recall(SHARED), photo });
}

/** @returns {string | null} one's own photo from before a reload, where the address does not name another */
export function keptPhoto() {
  const id = recall(SHARED)?.photo;
  return !new URLSearchParams(location.search).has("photo") && OWN.test(id) ? id : null;
}

export function forgetKeptPhoto() {
  remember(SHARED, { ...recall(SHARED), photo: null });
}

/** @param {string} id @returns {Promise<boolean>} whether the server still has it */
export async function recoverPhoto(id) {
  try {
    keepPhotos([await getJson(`photos/${id}/about`)]);
    return true;
  } catch {
    dropPhoto(id);
    forgetKeptPhoto(); // The server has let it go: the gallery's first is shown instead.
    return false;
  }
}
