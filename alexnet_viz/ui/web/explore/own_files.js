/** One's own photo and model file: there through a reload for as long as the server has them. */
import { gettext } from "../lib/language.js";
import { recoverPhoto } from "../shell/own_photo.js";
import { isOwnCheckpoint, kept, recoverCheckpoint } from "../shell/tab_memory.js";

const GONE = gettext("Your checkpoint is no longer kept by the server; open its file again.");
const ELSEWHERE = gettext("The checkpoint of this address was only in the tab that opened its file.");

/**
 * @param {{state: import("./state.js").State, defaults: import("./state.js").State, replace: (given: Partial<Record<import("./state.js").Key, string>>) => void}} page
 * @param {(problem: import("./problem_box.js").Problem) => void} show
 */
export async function recoverOwn(page, show) {
  const { photo, checkpoint } = page.state;
  const photoWords = await recoverPhoto(photo);
  const isKnown = kept.checkpoints.some((entry) => entry.name === checkpoint);
  const isCheckpointGone = isOwnCheckpoint(checkpoint) && !(isKnown && (await recoverCheckpoint(checkpoint)));
  if (photoWords) page.replace({ photo: page.defaults.photo });
  if (isCheckpointGone) page.replace({ checkpoint: page.defaults.checkpoint, altered: "" });
  if (photoWords) show({ words: photoWords, isAnswered: false });
  if (isCheckpointGone) show({ words: isKnown ? GONE : ELSEWHERE, consequence: gettext("{checkpoint} is shown instead.", { checkpoint: page.defaults.checkpoint }), isAnswered: false });
}
