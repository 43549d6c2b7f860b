/** What the teacher's page says, together so that it can be translated. */

export const WORDS = {
  lesson: "lesson",
  choose: "none is open",
  lessons: "Lessons",
  rehearse: "Try any of them alone first. To hold one with a class, start the app with",
  serving: "Begin one: whoever has joined sees its first step.",
  rehearseIt: "Rehearse",
  begin: "Begin",
  /** @param {string} title */
  rehearseLesson: (title) => `Rehearse ${title}`,
  /** @param {string} title */
  beginLesson: (title) => `Begin ${title}`,
  /** @param {number} steps @param {number} minutes */
  length: (steps, minutes) => `${steps} steps, ${minutes} minutes`,
  opening: "Opening, its answers are being computed",
  /** @param {number} step @param {number} steps @param {number} minutes */
  progress: (step, steps, minutes) => `step ${step} of ${steps}, ${minutes} minutes in all`,
  sees: "What the class sees",
  size: "1024 × 768",
  project: "Open it in a window of its own",
  back: "Back",
  next: "Next",
  reveal: "Reveal the answer",
  blank: "Blank the screens",
  unblank: "Show the screens",
  free: "Free the class",
  bring: "Bring everyone back",
  end: "End the lesson",
  beginAgain: "Begin it again",
  train: "Let the class train",
  training: "training by the class is",
  makeLink: "Make a link to a view",
  linkHow: "For a worksheet or a screen to play with: whoever opens it sees this view without what you hide, and Reset leads back to it.",
  linkView: "Address of the view",
  hide: "Hide",
  copyLink: "Copy link",
  linkCopied: "Link copied.",
  linkNotCopied: "The browser does not let a page copy; take the link from beside the button.",
  noAddress: "This is no address of this app. Open the view that you want, and copy what stands in the browser's bar.",
  names: "Names for units",
  noNames: "Pupils propose them on the Unit page. What you choose is what its page shows to everybody.",
  namesTable: "Names as CSV",
  /** @param {string} name @param {number} count */
  proposed: (name, count) => (count === 1 ? name : `${name} · ${count}`),
  /** @param {string} unit "block2 111" */
  unit: (unit) => {
    const [block, channel] = unit.split(" ");
    return /^block/.test(block) ? `Block ${block.slice(5)}, channel ${channel}` : `${block}, unit ${channel}`;
  },
  onlyYou: "Only you see this note.",
  /** @param {number} answered @param {number} here */
  answers: (answered, here) => `${answered} of ${here} answers`,
  hidden: "hidden from the class until you reveal",
  shown: "shown to the class",
  noQuestion: "This step asks nothing.",
  /** @param {string} answer */
  right: (answer) => `The answer is ${answer}.`,
  screens: "Screens",
  /** @param {number} follow @param {number} alone */
  following: (follow, alone) => `${follow} follow, ${alone} on their own`,
  squares: "filled: answered · outlined: thinking · dashed: on their own",
  join: "Join",
  picture: "QR picture of the address that joins",
  rehearsal: "You rehearse: nobody can join. To serve a class, start the app with make class.",
  photos: "Photos that pupils upload are seen by nobody else and go when the lesson ends.",
  table: "Answers as CSV",
  lostLesson: "This file cannot be used",
};
