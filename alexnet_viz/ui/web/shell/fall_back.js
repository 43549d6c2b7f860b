/** A photo or a checkpoint that the server refuses. */

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
