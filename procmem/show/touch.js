// Shows the HTML that Python draws, and tells Python which thing was taken through which cells.
// Cells have data-cell="row,col"; a thing that can be moved has data-thing and data-at, its cell.
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

const render = ({ model, el }) => {
  el.classList.add("procmem");
  let held = null, strokes = 0;
  const find = (name, value) => el.querySelector(`[data-${name}="${CSS.escape(value)}"]`);
  const under = (event) => document.elementsFromPoint(event.clientX, event.clientY)
    .find((one) => one.dataset?.cell && el.contains(one))?.dataset.cell;
  const tell = (thing, cells, stroke) => {
    model.set("touch", { thing, cells: cells.map((cell) => cell.split(",").map(Number)), stroke });
    model.save_changes();
  };
  const draw = () => {
    const { thing, cell } = el.contains(document.activeElement) ? document.activeElement.dataset : {};
    el.innerHTML = model.get("html");
    if (thing) find("thing", thing)?.focus();
    else if (cell) find("cell", cell)?.focus();
  };
  el.addEventListener("pointerdown", (event) => {
    const cell = under(event);
    if (!cell) return;
    held = { thing: find("at", cell)?.dataset.thing ?? "", cells: [cell], stroke: ++strokes };
    el.setPointerCapture(event.pointerId);
    if (!held.thing) tell("", held.cells, held.stroke);
  });
  el.addEventListener("pointermove", (event) => {
    const cell = held && under(event);
    if (!cell || cell === held.cells.at(-1)) return;
    held.cells.push(cell);
    tell(held.thing, held.cells, held.stroke);
  });
  for (const end of ["pointerup", "pointercancel"]) el.addEventListener(end, () => (held = null));
  el.addEventListener("keydown", (event) => {
    const { thing, at, cell } = event.target.dataset, from = at ?? cell;
    if (!from) return;
    if (cell && ["Enter", " "].includes(event.key)) tell("", [cell], ++strokes);
    else if (!STEPS[event.key]) return;
    else {
      const to = from.split(",").map((n, i) => Number(n) + STEPS[event.key][i]).join();
      if (thing && find("cell", to)) tell(thing, [to], ++strokes);
      else find("cell", to)?.focus();
    }
    event.preventDefault();
    event.stopPropagation();
  });
  model.on("change:html", draw);
  draw();
};

export default { render };
