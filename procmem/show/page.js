// Where no kernel runs, this page is the model, and its own controls are linked to it.
const heard = {};
const model = {
  get: (name) => record[name],
  set: (name, value) => {
    if (record[name] === value) return;
    record[name] = value;
    for (const act of heard[name] ?? []) act();
  },
  on: (event, act) => (heard[event.slice(7)] ??= []).push(act),
  save_changes: () => {},
};
const [speed, slider] = document.querySelectorAll("select, input");
const [first, back, playing, next, last] = document.querySelectorAll("button");
[first, back, next, last].forEach((one, i) => (one.onclick = () => model.set("press", i)));
playing.onclick = () => model.set("playing", !record.playing);
slider.oninput = () => model.set("step", Number(slider.value));
speed.onchange = () => model.set("speed", speed.selectedIndex);
model.on("change:step", () => (slider.value = record.step));
model.on("change:playing", () => playing.setAttribute("aria-pressed", record.playing));
onkeydown = (event) => {
  const press = { Home: 0, ArrowLeft: 1, ArrowRight: 2, End: 3 }[event.key];
  if (press === undefined || ["INPUT", "SELECT"].includes(event.target.tagName)) return;
  event.preventDefault();
  model.set("press", press);
};
render({ model, el: document.getElementById("stage") });
const fit = () => (frameElement.style.height = `${document.documentElement.offsetHeight}px`);
new ResizeObserver(fit).observe(document.documentElement);
