/** What the teacher's page says, together so that it can be translated. */

export const WORDS = {
  lesson: "lesson",
  choose: "choose a lesson",
  nothing: "Choose a lesson above. What the class sees is then shown here.",
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
  begin: "Begin it again",
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
