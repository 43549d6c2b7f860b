/**
 * Answers of the server of which the newest counts: whatever is asked later wins, however late the earlier answer comes.
 *
 *     const traces = createLatest({
 *       ask: (subject) => getTrace(subject),
 *       onAnswer: (trace, subject) => draw(),
 *       onRefused: (error, shown) => { say(error); if (shown) page.replace(shown); },  // back to what is on the screen
 *     });
 *     void traces.want({ photo, checkpoint });  // asks, unless this is what is shown or on its way
 *     traces.value;    // what is shown, null before the first answer; it stays until the next one is there …
 *     traces.isStale;  // … and is out of date while that one is being computed
 *
 * What has to be asked after it, for the same subject, checks after each wait whether `traces.value` is still its own.
 */

/**
 * The same where nothing may stand in for what was refused: numbers of one unit under the name of another would be wrong ones.
 * @template Subject
 * @template Answer
 * @param {Parameters<typeof createLatest<Subject, Answer>>[0]} parts
 * @returns {ReturnType<typeof createLatest<Subject, Answer>>} of which what is shown is out of date after a refusal
 */
export function createLatestOrNothing(parts) {
  const latest = createLatest({
    ...parts,
    onRefused: (error, shown) => (latest.forget(), parts.onRefused(error, shown)),
  });
  return latest;
}

/**
 * @template Subject what is asked for; two are the same where they are the same as JSON
 * @template Answer
 * @param {{
 *   ask: (subject: Subject, isWanted: () => boolean) => Promise<Answer>,
 *   onAnswer: (answer: Answer, subject: Subject) => void,
 *   onRefused: (error: unknown, shown: Subject | null) => void,
 * }} parts isWanted says, between the steps of a long answer, whether anybody still waits for it
 */
export function createLatest({ ask, onAnswer, onRefused }) {
  /** @type {{value: Answer, subject: Subject, key: string} | null} */
  let shown = null;
  /** @type {string | null} */
  let wanted = null;
  let request = 0;

  /** @param {Subject} subject @returns {Promise<void>} ends when its answer is there, refused or no longer wanted */
  async function want(subject) {
    const key = JSON.stringify(subject);
    if (key === wanted) return;
    wanted = key;
    const thisRequest = ++request;
    if (key === shown?.key) return;
    const isWanted = () => thisRequest === request;
    let answer;
    try {
      answer = await ask(subject, isWanted);
    } catch (error) {
      if (!isWanted()) return;
      wanted = shown?.key ?? null;
      return onRefused(error, shown?.subject ?? null);
    }
    if (!isWanted()) return;
    shown = { value: answer, subject, key };
    onAnswer(answer, subject);
  }

  return {
    want,
    get value() {
      return shown?.value ?? null;
    },
    /** What the shown answer is of. */
    get subject() {
      return shown?.subject ?? null;
    },
    /** Whether another answer than the shown one is on its way. */
    get isStale() {
      return shown !== null && wanted !== shown.key;
    },
    /** Whether anything is on its way. */
    get isWaiting() {
      return wanted !== null && wanted !== (shown?.key ?? null);
    },
    /** What is shown is taken for the answer to this, without asking: it was computed here. @param {Answer} value @param {Subject} subject */
    put(value, subject) {
      request += 1;
      wanted = JSON.stringify(subject);
      shown = { value, subject, key: wanted };
    },
    /** The same is asked for again at the next `want`; what is shown stays. */
    forget() {
      wanted = null;
      if (shown) shown.key = "";
    },
    /** Whatever is on its way is no longer wanted: the page is gone. */
    end() {
      request += 1;
      wanted = shown?.key ?? null;
    },
  };
}
