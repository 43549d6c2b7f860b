/** A server that gives some answers one after the other, for whatever is asked. */

/**
 * @param {(object | null)[]} answers null: there is no connection
 * @returns {(() => void)[]} what the page does later, in the order in which it was planned
 */
export function answerWith(answers) {
  /** @type {(() => void)[]} */
  const timers = [];
  globalThis.window = { setTimeout: (again) => timers.push(again) };
  globalThis.fetch = async () => {
    const answer = answers.shift();
    if (!answer) throw new TypeError("Failed to fetch");
    return new Response(JSON.stringify(answer), { headers: { "content-type": "application/json" } });
  };
  return timers;
}
