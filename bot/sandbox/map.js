// The map: a place is chosen by a click, with the arrow keys, or by the name of a street.

const dialog = document.querySelector("[data-map]");
const ground = dialog?.querySelector("[data-ground]");
const streets = [...(dialog?.querySelectorAll("[data-street]") ?? [])];
const size = ground?.viewBox.baseVal;
const at = { x: 0, y: 0 };
const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
let answer = () => {};
let held = false;

/** Gives { lon, lat }, or null when nothing was chosen. */
export function choosePlace() {
  held = false;
  move(size.width / 2, size.height / 2);
  dialog.showModal();
  ground.focus();
  return new Promise((resolve) => { answer = resolve; });
}

function move(x, y) {
  at.x = Math.min(Math.max(x, 0), size.width);
  at.y = Math.min(Math.max(y, 0), size.height);
  dialog.querySelector("[data-cross]").setAttribute("transform", `translate(${at.x} ${at.y})`);
  const near = dialog.querySelector("[data-near]");
  near.textContent = near.dataset.t.replace("%s", () => nearest().dataset.street);
}

function nearest() {
  const distances = streets.map((s) => distance(s.dataset.points.split(" ").map((p) => p.split(",").map(Number))));
  return streets[distances.indexOf(Math.min(...distances))];
}

function distance(points) {
  if (points.length === 1) return Math.hypot(points[0][0] - at.x, points[0][1] - at.y);
  return Math.min(...points.slice(1).map((to, i) => toSegment(points[i], to)));
}

function toSegment([ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const along = ((at.x - ax) * dx + (at.y - ay) * dy) / (dx * dx + dy * dy || 1);
  const t = Math.min(Math.max(along, 0), 1);
  return Math.hypot(ax + t * dx - at.x, ay + t * dy - at.y);
}

function finish(place) {
  answer(place);
  answer = () => {};
  dialog.close();
}

function set() {
  const { west, north, lon, lat } = ground.dataset;
  finish({ lon: Number(west) + at.x * lon, lat: Number(north) - at.y * lat });
}

const sets = (event) => event.key === "Enter" || event.key === " ";

// The key that sets the place acts when it is let go, so that it does not press what has the focus afterwards.
function onKeyUp(event) {
  if (held && sets(event)) set();
}

function onKey(event) {
  held = sets(event);
  if (held) {
    event.preventDefault();
  } else if (steps[event.key]) {
    event.preventDefault();
    const [x, y] = steps[event.key].map((s) => s * (event.shiftKey ? 40 : 8));
    move(at.x + x, at.y + y);
  }
}

function onClick(event) {
  const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(ground.getScreenCTM().inverse());
  move(place.x, place.y);
}

if (dialog) {
  ground.addEventListener("keydown", onKey);
  ground.addEventListener("keyup", onKeyUp);
  ground.addEventListener("click", onClick);
  dialog.addEventListener("close", () => finish(null));
  dialog.querySelector('[data-action="set"]').addEventListener("click", set);
  dialog.querySelector('[data-action="close"]').addEventListener("click", () => finish(null));
  for (const street of streets) {
    street.addEventListener("click", () => {
      const { west, north, lon, lat } = ground.dataset;
      move((street.dataset.lon - west) / lon, (north - street.dataset.lat) / lat);
    });
  }
}
