/** One's own photo and model file: there through a reload for as long as the server has them. */
import { gettext } from "../lib/language.js";
import { recoverPhoto } from "./own_photo.js";
import { isOwnCheckpoint, kept, recoverCheckpoint } from "./tab_memory.js";

const GONE = gettext("Your checkpoint is no longer kept by the server; open its file again.");
const ELSEWHERE = gettext("The checkpoint of this address was only in the tab that opened its file.");

/** @typedef {{photo: string, checkpoint: string, altered?: string}} Subject */

/**
 * @param {{state: Readonly<Subject>, defaults: Readonly<Subject>, replace: (given: Partial<Subject>) => void}} page
 * @param {(gone: {words: string, consequence?: string, isAnswered: false}) => void} show what a person is told of it
 */
export async function recoverOwn(page, show) {
  const { photo, checkpoint } = page.state;
  const photoWords = await recoverPhoto(photo);
  const isKnown = kept.checkpoints.some((entry) => entry.name === checkpoint);
  const isCheckpointGone = isOwnCheckpoint(checkpoint) && !(isKnown && (await recoverCheckpoint(checkpoint)));
  if (photoWords) page.replace({ photo: page.defaults.photo });
  if (isCheckpointGone) page.replace({ checkpoint: page.defaults.checkpoint, ...("altered" in page.state && { altered: "" }) });
  if (photoWords) show({ words: photoWords, isAnswered: false });
  if (isCheckpointGone) show({ words: isKnown ? GONE : ELSEWHERE, consequence: gettext("{checkpoint} is shown instead.", { checkpoint: page.defaults.checkpoint }), isAnswered: false });
}
