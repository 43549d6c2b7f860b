/** The camera of the upload panel: its two buttons, what it sees, and the picture that it takes. */
import { h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";

/** @param {{onStart: () => void, onPicture: (picture: File) => void, onRefused: (words: string) => void}} actions onStart: it is being asked for */
export function createCamera({ onStart, onPicture, onRefused }) {
  const video = h("video", { playsinline: true, muted: true, hidden: true });
  const shoot = h(
    "button",
    { class: "button primary", type: "button", hidden: true, onclick: () => takePicture() },
    gettext("Take the picture"),
  );
  const cameraButton = h(
    "button",
    { class: "button", type: "button", onclick: () => start() },
    gettext("Use the camera"),
  );
  /** @type {MediaStream | null} */
  let stream = null;

  async function start() {
    onStart();
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1280 } } });
    } catch {
      onRefused(
        gettext(
          "No camera can be used: there is none, or the browser has not been allowed to use it. Choose a file instead.",
        ),
      );
      return;
    }
    video.srcObject = stream;
    video.hidden = shoot.hidden = false;
    cameraButton.hidden = true;
    await video.play();
  }

  function stop() {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    video.hidden = shoot.hidden = true;
    cameraButton.hidden = false;
  }

  function takePicture() {
    const canvas = h("canvas");
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    canvas.getContext("2d")?.drawImage(video, 0, 0);
    canvas.toBlob((blob) => blob && onPicture(new File([blob], "camera.png", { type: "image/png" })), "image/png");
  }

  return { buttons: [cameraButton, shoot], video, stop };
}
