// One sound at a time; a line that goes along with it; a click on a picture plays from there.
const clips = [...document.querySelectorAll(".clip")];
for (const clip of clips) {
  const audio = clip.querySelector("audio");
  const picture = clip.querySelector(".picture");
  const line = clip.querySelector(".playhead");
  const follow = () => {
    line.style.left = `${(100 * audio.currentTime) / (audio.duration || 1)}%`;
    if (!audio.paused) requestAnimationFrame(follow);
  };
  audio.addEventListener("play", () => {
    for (const other of document.querySelectorAll("audio")) if (other !== audio) other.pause();
    clip.classList.add("playing");
    follow();
  });
  audio.addEventListener("seeked", follow);
  audio.addEventListener("ended", () => clip.classList.remove("playing"));
  picture.addEventListener("click", (event) => {
    const box = picture.getBoundingClientRect();
    const start = () => {
      audio.currentTime = ((event.clientX - box.left) / box.width) * audio.duration;
      audio.play();
    };
    if (audio.readyState > 0) start();
    else {
      audio.addEventListener("loadedmetadata", start, { once: true });
      audio.load();
    }
  });
}
