// A camera -> a running picture, or in plain words why there is none.
const WANTED = {
  audio: false,
  video: {
    width: { ideal: 640 },
    height: { ideal: 480 },
    frameRate: { ideal: 30 },
    facingMode: "user",
  },
};
const WHY = {
  NotAllowedError:
    "The camera was not allowed. Allow it for this page beside the browser's address line, then record anew.",
  NotFoundError: "No camera was found. Plug one in, then record anew.",
  NotReadableError:
    "The camera is there, but gives no picture. Close other programs and pages that use it, then record anew.",
};
export const UNPLUGGED = "The camera stopped giving pictures. Plug it in again.";
export const HIDDEN =
  "This page was out of sight while it recorded, and then a browser follows no camera. Keep it in front.";
const INSECURE =
  "A browser lets only pages of its own machine, or encrypted ones, use the camera. Open this page on the machine that serves it, or by https.";

export async function openCamera(video) {
  if (!window.isSecureContext || !navigator.mediaDevices) throw new Error(INSECURE);
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia(WANTED);
  } catch (error) {
    const known = { OverconstrainedError: "NotFoundError", AbortError: "NotReadableError" };
    throw new Error(WHY[known[error.name] ?? error.name] ?? `The camera failed: ${error.message}`);
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
