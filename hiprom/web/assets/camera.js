// A camera -> a running picture, or in plain words why there is none.

// A profile holds for one shape of picture, so all pages ask for the same.
const SHAPE = {
  width: { ideal: 640 },
  height: { ideal: 480 },
  frameRate: { ideal: 30 },
};
const WHY = {
  NotAllowedError:
    "The camera was not allowed. Allow it for this page beside the browser's address line, then try again.",
  NotFoundError: "No camera was found. Plug one in, then try again.",
  NotReadableError:
    "The camera is there, but gives no picture. Close other programs and pages that use it, then try again.",
};
const KNOWN = { OverconstrainedError: "NotFoundError", AbortError: "NotReadableError" };
export const UNPLUGGED = "The camera stopped giving pictures. Plug it in again.";
export const HIDDEN =
  "This page was out of sight while it recorded, and then a browser follows no camera. Keep it in front.";
const INSECURE =
  "A browser lets only pages of its own machine, or encrypted ones, use the camera. Open this page on the machine that serves it, or by https.";

// `which` says what camera, as getUserMedia has it.
export async function openCamera(video, which) {
  if (!window.isSecureContext || !navigator.mediaDevices) throw new Error(INSECURE);
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { ...SHAPE, ...which } });
  } catch (error) {
    throw new Error(WHY[KNOWN[error.name] ?? error.name] ?? `The camera failed: ${error.message}`);
  }
  video.srcObject = stream;
  try {
    await video.play();
  } catch (error) {
    closeCamera(video);
    throw new Error(WHY.NotReadableError);
  }
  return stream;
}

export function closeCamera(video) {
  for (const track of video.srcObject?.getTracks() ?? []) {
    track.onended = null;
    track.stop();
  }
  video.srcObject = null;
}
