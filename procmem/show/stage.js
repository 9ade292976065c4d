// Shows step n of a record: HTML with named parts, and frames: for each part a track of steps and
// values by turns, a number for each of the texts.
const gather = ({ texts, tracks }, n) => {
  const now = {};
  for (const [name, track] of Object.entries(tracks)) {
    now[name] = ""; // before its first entry
    for (let i = 0; i < track.length && track[i] <= n; i += 2) {
      const value = typeof track[i + 1] === "number" ? texts[track[i + 1]] : track[i + 1];
      now[name] = value?.[0] === "+" ? now[name] + value.slice(1) : value;
    }
  }
  return now;
};

const pose = (root, frames, n) => {
  const now = gather(frames, n);
  for (const one of root.querySelectorAll("[data-count]"))
    one.textContent = `Step ${Math.min(n, one.dataset.count)} of ${one.dataset.count}`;
  for (const part of root.querySelectorAll("[data-part]")) {
    const value = now[part.dataset.part];
    if (value === undefined) continue;
    part.style.display = value === null ? "none" : "";
    if (Array.isArray(value))
      part.style.transform = `translate(${value[0]}px, ${value[1]}px) scale(${value[2]})`;
    else if (part.tagName === "path") part.setAttribute("d", value ?? "");
    else if (typeof value === "string" && part.innerHTML !== value) part.innerHTML = value;
  }
};

const SPEEDS = [0.5, 1, 2, 4];

// The model has html, frames and pace; controls are linked to step (a number), press (first, back,
// next, last as 0 to 3), playing, and speed (which of SPEEDS).
const render = ({ model, el }) => {
  const frames = model.get("frames"), { last } = frames;
  let timer;
  const set = (values) => {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
  };
  const go = (n) => set({ step: Math.max(0, Math.min(n, last)) });
  const tick = () => {
    if (model.get("step") < last) go(model.get("step") + 1);
    else set({ playing: false });
  };
  const play = () => {
    clearInterval(timer);
    if (!model.get("playing")) return;
    if (model.get("step") === last) go(0);
    timer = setInterval(tick, model.get("pace") / SPEEDS[model.get("speed")]);
  };
  const press = () => {
    const button = model.get("press");
    if (button === null) return;
    queueMicrotask(() => set({ press: null, playing: false })); // a link is deaf while it speaks
    go([0, model.get("step") - 1, model.get("step") + 1, last][button]);
  };
  const drag = (event) => {
    const track = event.target.closest?.("[data-steps]");
    if (!track || !event.buttons) return;
    const { left, width } = track.getBoundingClientRect();
    set({ playing: false });
    go(Math.round(((event.clientX - left) / width) * track.dataset.steps));
  };
  model.on("change:step", () => pose(el, frames, model.get("step")));
  model.on("change:playing", play);
  model.on("change:speed", play);
  model.on("change:press", press);
  el.addEventListener("pointerdown", drag);
  el.addEventListener("pointermove", drag);
  el.classList.add("procmem");
  el.innerHTML = model.get("html");
  pose(el, frames, model.get("step"));
  return () => clearInterval(timer);
};

export default { render };
