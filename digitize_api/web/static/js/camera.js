// The device's camera, where the browser gives it (a page over https, or on the PC itself).

export const hasCamera = () => Boolean(navigator.mediaDevices?.getUserMedia);

// The camera behind, as sharp as it can. Rejects when it is refused or missing.
export const start = async (video) => {
  const wanted = { facingMode: { ideal: "environment" }, width: { ideal: 3840 }, height: { ideal: 2160 } };
  video.srcObject = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
  await video.play();
};

export const stop = (video) => {
  for (const track of video.srcObject?.getTracks() ?? []) track.stop();
  video.srcObject = null;
};
