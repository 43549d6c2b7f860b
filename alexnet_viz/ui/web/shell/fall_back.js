/** A photo or a checkpoint that the server refuses. */
import { recoverOwn } from "./own_files.js";

/**
 * What the page shows after a refusal, and what is said of it. What one has sent may be gone, as after a restart of the server: then what is
 * usual stands in its place, since neither the photo nor the checkpoint could be changed alone.
 * @param {Parameters<typeof recoverOwn>[0] & Parameters<typeof fallBack>[0]} page
 * @param {{subject: Partial<{photo: string, checkpoint: string}> | null, isWaiting: boolean}} latest which was refused
 * @param {unknown} error
 * @param {{load: () => void, say: (error: unknown, mayRetry: boolean) => void}} actions load: another view than the refused one is wanted
 */
export async function afterRefusal(page, latest, error, { load, say }) {
  const gone = await recoverOwn(page);
  if (latest.isWaiting) return; // another is on its way by now
  if (gone || fallBack(page, latest.subject)) load();
  say(gone ? new Error(gone) : error, !gone);
}

/**
 * What is on the screen stays, and the pickers name it again; a link to what is no longer there opens on what is usual.
 * @template {{photo: string, checkpoint: string}} Subject
 * @param {{state: Readonly<Subject>, defaults: Readonly<Subject>, replace: (given: Partial<Subject>) => void}} page
 * @param {Partial<Subject> | null} shown what is on the screen
 * @returns {boolean} whether the page names another view now than the refused one: to be asked for
 */
export function fallBack(page, shown) {
  const { state, defaults } = page;
  const given = shown ?? /** @type {Partial<Subject>} */ ({ photo: defaults.photo, checkpoint: defaults.checkpoint });
  const isOther = /** @type {(keyof Subject)[]} */ (Object.keys(given)).some((key) => given[key] !== state[key]);
  if (isOther) page.replace(given);
  return isOther;
}
