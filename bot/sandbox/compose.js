// What is being said in a pane: words, pictures, a place; an answer, a change.
import { post, text } from "./post.js";
import { toast, toEnd } from "./panes.js";
import { choosePlace } from "./map.js";

const chosen = new WeakMap(); // the pictures that go with the words, by form

export const speaker = (pane) => new FormData(pane.querySelector(".composer")).get("person");
const formOf = (pane) => pane.querySelector(".composer");
const paneOf = (form) => form.closest("[data-pane]");

/** Sends; what was typed comes back when it is not taken. */
export async function tell(pane, path, fields) {
  try {
    await post(path, { person: speaker(pane), room: pane.dataset.pane, ...fields });
    return true;
  } catch (problem) {
    toast(pane, problem.message, true);
    return false;
  }
}

async function send(form) {
  const pane = paneOf(form);
  const { reply = "", edit = "" } = form.dataset;
  const photos = chosen.get(form) ?? [];
  const words = form.elements.text.value;
  if (words.trim() === "" && photos.length === 0) return;
  clear(form);
  toEnd(pane);
  const taken = photos.length > 0 ? await sendPhotos(pane, photos, words) : await tell(pane, "/say", { text: words, reply, edit });
  if (!taken && form.elements.text.value === "") form.elements.text.value = words;
}

async function sendPhotos(pane, photos, caption) {
  const album = photos.length > 1 ? crypto.randomUUID() : "";
  let taken = true;
  for (const [nth, photo] of photos.entries()) {
    taken = (await tell(pane, "/photo", { photo, album, caption: nth === 0 ? caption : "" })) && taken;
  }
  return taken;
}

function clear(form) {
  form.elements.text.value = "";
  grow(form.elements.text);
  quit(form);
}

// Leaves the answer, the change or the pictures that were begun.
function quit(form) {
  if (form.dataset.edit) form.elements.text.value = "";
  delete form.dataset.reply;
  delete form.dataset.edit;
  chosen.delete(form);
  for (const picture of form.querySelectorAll("[data-chip-photos] img")) URL.revokeObjectURL(picture.src);
  form.querySelector("[data-chip-photos]").replaceChildren();
  form.querySelector("[data-chip-text]").textContent = "";
  form.querySelector("[data-chip]").hidden = true;
}

function begin(form, words) {
  form.querySelector("[data-chip]").hidden = false;
  form.querySelector("[data-chip-text]").textContent = words;
  form.elements.text.focus();
}

/** Begins an answer to a message. */
export function reply(message) {
  const form = formOf(message.closest("[data-pane]"));
  quit(form);
  form.dataset.reply = message.dataset.message;
  begin(form, text("replying", message.dataset.name));
}

/** Begins a change of a message, by the one who wrote it. */
export function edit(message) {
  const form = formOf(message.closest("[data-pane]"));
  quit(form);
  form.dataset.edit = message.dataset.message;
  const radio = form.querySelector(`[data-speaker="${message.dataset.from}"]`);
  if (radio) radio.checked = true;
  form.elements.text.value = message.querySelector("[data-body]").textContent;
  grow(form.elements.text);
  begin(form, text("editing"));
}

/** Leaves what was begun. */
export function cancel(pane) {
  quit(formOf(pane));
  formOf(pane).elements.text.focus();
}

function choosePhotos(form, files) {
  if (files.length === 0) return;
  quit(form);
  chosen.set(form, files);
  const place = form.querySelector("[data-chip-photos]");
  for (const file of files.filter((one) => one.type.startsWith("image/")).slice(0, 4)) {
    const picture = document.createElement("img");
    picture.alt = "";
    picture.src = URL.createObjectURL(file);
    place.append(picture);
  }
  begin(form, text("photos", files.length));
}

/** Asks where, on the map, and shares the place. */
export async function pin(pane) {
  const place = await choosePlace();
  if (place) await tell(pane, "/pin", place);
  formOf(pane).elements.text.focus();
}

// Browsers that do not let the box grow by themselves count lines.
function grow(box) {
  if (!CSS.supports("field-sizing", "content")) box.rows = Math.min(6, box.value.split("\n").length);
}

/** Lets a pane's form be used. */
export function prepare(form) {
  const files = form.querySelector("input[type=file]");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
  if (!files) return;
  files.addEventListener("change", () => {
    choosePhotos(form, [...files.files]);
    files.value = "";
  });
  form.elements.text.addEventListener("input", (event) => grow(event.target));
  let shift = false; // with it, the enter key begins a new line instead of sending
  form.elements.text.addEventListener("keydown", (event) => {
    shift = event.shiftKey;
    if (event.key === "Escape" && !form.querySelector("[data-chip]").hidden) quit(form);
  });
  form.elements.text.addEventListener("beforeinput", (event) => {
    if (event.inputType !== "insertLineBreak" || shift || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.elements.text.addEventListener("paste", (event) => {
    const pictures = [...event.clipboardData.files].filter((f) => ["image/jpeg", "image/png"].includes(f.type));
    if (pictures.length > 0) event.preventDefault();
    choosePhotos(form, pictures);
  });
}
