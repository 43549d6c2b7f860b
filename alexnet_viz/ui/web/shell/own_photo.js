/** One's own photo through a reload, for as long as the server has it. */
import { getJson } from "../server/api.js";
import { dropPhoto, keepPhotos } from "./tab_memory.js";

/** @param {string} id @returns {Promise<boolean>} whether the server still has it */
export async function recoverPhoto(id) {
  try {
    keepPhotos([await getJson(`photos/${id}/about`)]);
    return true;
  } catch {
    dropPhoto(id); // the server has let it go
    return false;
  }
}
