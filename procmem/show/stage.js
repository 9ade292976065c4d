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
  for (const one of root.querySelectorAll("[data-count]")) {
    const end = one.dataset.count;
    one.textContent = end ? `Step ${Math.min(n, end)} of ${end}` : `Step ${n}`;
  }
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

// The model has html, frames, over, step, wanted and pace; controls are linked to step (a number),
// press (first, back, next, last as 0 to 3), playing, and speed (which of SPEEDS).
const render = ({ model, el }) => {
  el.classList.add("procmem");
  let timer, shown = model.get("step");
  const last = () => model.get("frames").last;
  const set = (values) => {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
  };
  // Beyond the last known frame the kernel is asked for more, if there may be more.
  const go = (n) => set({ step: Math.max(0, Math.min(n, last())), wanted: n });
  const show = () => {
    if (model.get("step") > last()) return go(last());
    shown = model.get("step");
    pose(el, model.get("frames"), shown);
  };
  const build = () => {
    el.innerHTML = model.get("html");
    pose(el, model.get("frames"), Math.min(shown, last()));
    el.getBoundingClientRect(); // what moves from here on glides
    show();
  };
  const tick = () => {
    if (model.get("step") < last()) go(model.get("step") + 1);
    else if (model.get("over")) set({ playing: false });
    else if (model.get("wanted") <= last()) go(last() + 1);
  };
  const play = () => {
    clearInterval(timer);
    if (!model.get("playing")) return;
    if (model.get("over") && model.get("step") === last()) go(0);
    timer = setInterval(tick, model.get("pace") / SPEEDS[model.get("speed")]);
  };
  model.on("change:html", build);
  model.on("change:frames", () => go(Math.max(model.get("wanted"), shown)));
  model.on("change:step", show);
  model.on("change:playing", play);
  model.on("change:speed", play);
  model.on("change:press", () => {
    const press = model.get("press");
    if (press === null) return;
    queueMicrotask(() => set({ press: null, playing: false })); // a link is deaf while it speaks
    go([0, model.get("step") - 1, model.get("step") + 1, 1e6][press]);
  });
  const drag = (event) => {
    const track = event.target.closest?.("[data-steps]");
    if (!track || !event.buttons) return;
    const { left, width } = track.getBoundingClientRect();
    set({ playing: false });
    go(Math.round(((event.clientX - left) / width) * track.dataset.steps));
  };
  el.addEventListener("pointerdown", drag);
  el.addEventListener("pointermove", drag);
  build();
  return () => clearInterval(timer);
};

export default { render };
