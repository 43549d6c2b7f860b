/** One's own photo through a reload, for as long as the server has it. */
import { gettext } from "../lib/language.js";
import { getJson } from "../server/api.js";
import { isRefusal } from "../server/refusal.js";
import { dropPhoto, isGallery, isOwnPhoto, keepPhotos, knownPhoto } from "./tab_memory.js";

/**
 * Asks whether the photo that the address names is there: a gallery's always is.
 * @param {string} id
 * @returns {Promise<string>} "" where it is, or nobody answers, else what a person is told: another photo has to be shown
 */
export async function recoverPhoto(id) {
  if (isGallery(id)) return "";
  if (!isOwnPhoto(id)) return gettext("No photo of this name is kept here; upload it again. Another is shown instead.");
  const wasHere = knownPhoto(id);
  try {
    keepPhotos([await getJson(`photos/${id}/about`)]);
    return "";
  } catch (error) {
    if (!isRefusal(error)) return "";
    dropPhoto(id); // the server has let it go, or it is somebody else's
    return wasHere
      ? gettext("Your photo is no longer kept by the server; upload it again.")
      : gettext("The photo of this address was only in the tab that uploaded it; another is shown instead.");
  }
}

/**
 * Has a page show its default photo in place of one that is not there, and says so.
 * @param {{state: {photo: string}, replace: (given: {photo: string}) => void}} page
 * @param {string} instead
 * @param {(words: string) => void} say
 */
export async function replaceGonePhoto(page, instead, say) {
  const words = await recoverPhoto(page.state.photo);
  if (!words) return;
  page.replace({ photo: instead });
  say(words);
}
