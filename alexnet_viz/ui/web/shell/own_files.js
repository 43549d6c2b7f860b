/** One's own photo and model files: there for as long as the server has them, through a reload too. */
import { gettext } from "../lib/language.js";
import { recoverPhoto } from "./own_photo.js";
import { isOwnCheckpoint, kept, recoverCheckpoint } from "./tab_memory.js";

const GONE = gettext("Your checkpoint is no longer kept by the server; open its file again.");
const ELSEWHERE = gettext("The checkpoint of this address was only in the tab that opened its file.");

/** Where a page names a checkpoint. @typedef {"checkpoint" | "a" | "b"} Side */
/** @typedef {{photo: string, altered?: string} & Partial<Record<Side, string>>} Subject */

/**
 * Has a page show what is usual in place of what is not there: after a reload, and after the server was started anew.
 * @param {{state: Readonly<Subject>, defaults: Readonly<Subject>, replace: (given: Partial<Subject>) => void}} page
 * @returns {Promise<string>} what a person is told of it, a line each; "" where everything is there, or the server does not answer
 */
export async function recoverOwn(page) {
  const { state, defaults } = page;
  const sides = /** @type {Side[]} */ (["checkpoint", "a", "b"]).filter((side) => isOwnCheckpoint(state[side] ?? ""));
  const known = sides.filter((side) => kept.checkpoints.some(({ name }) => name === state[side])); // before the server says that it is gone
  const words = [await recoverPhoto(state.photo)];
  if (words[0] && page.state.photo === state.photo) page.replace({ photo: defaults.photo });
  for (const side of sides) {
    if (known.includes(side) && (await recoverCheckpoint(state[side] ?? ""))) continue;
    if (page.state[side] === state[side])
      page.replace({ [side]: defaults[side], ...("altered" in state && { altered: "" }) });
    words.push(
      `${known.includes(side) ? GONE : ELSEWHERE} ${gettext("{checkpoint} is shown instead.", { checkpoint: defaults[side] ?? "" })}`,
    );
  }
  return [...new Set(words)].filter(Boolean).join("\n");
}
