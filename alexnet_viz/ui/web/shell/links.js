/** What a name in an address means. */

/** A run's newest checkpoint by its own name, so that the answer to it may be kept. @param {string} name @param {{name: string}[]} entries @returns {string} */
export function resolveLast(name, entries) {
  if (!name.endsWith(":last")) return name;
  const run = name.slice(0, -"last".length);
  return entries.find((entry) => entry.name.startsWith(run))?.name ?? name;
}
