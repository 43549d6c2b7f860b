/** What the teacher's page says. */
import { gettext, gettextNodes, ngettext } from "../lib/language.js";

export const WORDS = {
  lesson: gettext("lesson"),
  choose: gettext("none is open"),
  lessons: gettext("Lessons"),
  reading: gettext("The lessons are being read."),
  /** @param {Node} command */
  rehearse: (command) =>
    gettextNodes("Try any of them alone first. To hold one with a class, start the app with {command}.", { command }),
  serving: gettext("Begin one: whoever has joined sees its first step."),
  rehearseIt: gettext("Rehearse"),
  begin: gettext("Begin"),
  /** @param {string} title */
  rehearseLesson: (title) => gettext("Rehearse {title}", { title }),
  /** @param {string} title */
  beginLesson: (title) => gettext("Begin {title}", { title }),
  /** @param {number} steps @param {number} minutes */
  length: (steps, minutes) =>
    ngettext("{steps} step, {minutes} minutes", "{steps} steps, {minutes} minutes", steps, { steps, minutes }),
  opening: gettext("Opening, its answers are being computed"),
  /** @param {number} step @param {number} steps @param {number} minutes */
  progress: (step, steps, minutes) =>
    gettext("step {step} of {steps}, {minutes} minutes in all", { step, steps, minutes }),
  sees: gettext("What the class sees"),
  project: gettext("Open it in a window of its own"),
  back: gettext("Back"),
  next: gettext("Next"),
  reveal: gettext("Reveal the answer"),
  blank: gettext("Blank the screens"),
  unblank: gettext("Show the screens"),
  free: gettext("Free the class"),
  bring: gettext("Bring everyone back"),
  end: gettext("End the lesson"),
  beginAgain: gettext("Begin it again"),
  train: gettext("Let the class train"),
  /** @param {Node} state */
  training: (state) => gettextNodes("training by the class is {state}", { state }),
  on: gettext("on"),
  off: gettext("off"),
  makeLink: gettext("Make a link to a view"),
  linkHow: gettext(
    "For a worksheet or a screen to play with: whoever opens it sees this view without what you hide, and Reset leads back to it.",
  ),
  linkView: gettext("Address of the view"),
  hide: gettext("Hide"),
  copyLink: gettext("Copy link"),
  linkCopied: gettext("Link copied."),
  linkNotCopied: gettext("The browser does not let a page copy; take the link from beside the button."),
  noAddress: gettext(
    "This is no address of this app. Open the view that you want, and copy what stands in the browser's bar.",
  ),
  names: gettext("Names for units"),
  noNames: gettext("Pupils propose them on the Unit page. What you choose is what its page shows to everybody."),
  namesTable: gettext("Names as CSV"),
  /** @param {string} name @param {number} count */
  proposed: (name, count) => (count === 1 ? name : `${name} · ${count}`),
  /** @param {string} unit "block2 111" */
  unit: (unit) => {
    const [block, channel] = unit.split(" ");
    return /^block/.test(block)
      ? gettext("Block {block}, channel {channel}", { block: block.slice(5), channel })
      : gettext("{layer}, unit {unit}", { layer: block, unit: channel });
  },
  onlyYou: gettext("Only you see this note."),
  /** @param {number} answered @param {number} here */
  answers: (answered, here) => gettext("{answered} of {here} answers", { answered, here }),
  hidden: gettext("hidden from the class until you reveal"),
  shown: gettext("shown to the class"),
  noQuestion: gettext("This step asks nothing."),
  /** @param {string} answer */
  right: (answer) => gettext("The answer is {answer}.", { answer }),
  screens: gettext("Screens"),
  /** @param {number} follow @param {number} alone */
  following: (follow, alone) => gettext("{follow} follow, {alone} on their own", { follow, alone }),
  squares: gettext("filled: answered · outlined: thinking · dashed: on their own"),
  join: gettext("Join"),
  picture: gettext("QR picture of the address that joins"),
  rehearsal: gettext("You rehearse: nobody can join. To serve a class, start the app with make class."),
  photos: gettext("Photos that pupils upload are seen by nobody else and go when the lesson ends."),
  table: gettext("Answers as CSV"),
  restarted: gettext("The server was started anew, and what was rehearsed is no longer open. Open it again."),
  lostLesson: gettext("This file cannot be used"),
};
