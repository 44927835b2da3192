// The page of the sandbox: what is pressed finds its way from here.
import { follow } from "./live.js";
import { pass } from "./clock.js";
import { paneOf, show, toast, toEnd, watch } from "./panes.js";
import { cancel, edit, pin, prepare, reply, speaker, tell } from "./compose.js";
import { post, text } from "./post.js";

const intro = document.querySelector("[data-intro]");
const help = document.querySelector("[data-help]");
const known = "buurtbot.sandbox.introduced";

const actions = {
  start: (pane) => {
    tell(pane, "/say", { text: "/start" });
    pane.querySelector("textarea").focus();
  },
  photo: (pane) => pane.querySelector("input[type=file]").click(),
  pin,
  cancel,
  newest: (pane) => {
    toEnd(pane);
    pane.querySelector("[data-log]").focus();
  },
  reply: (pane, message) => reply(message),
  edit: (pane, message) => edit(message),
};

async function choose(button, pane) {
  const message = button.closest("[data-message]");
  button.setAttribute("aria-busy", "true");
  const { message: on, token = "" } = message.dataset;
  await tell(pane, "/press", { on, token, key: button.dataset.choice });
  button.removeAttribute("aria-busy");
}

async function open(button, pane) {
  const person = speaker(pane);
  const chat = paneOf(person);
  if (!chat) {
    toast(pane, text("nopane"), true);
    return;
  }
  try {
    await post("/open", { person, link: button.dataset.link });
    show(chat, true);
  } catch (problem) {
    toast(pane, problem.message, true);
  }
}

// A browser that keeps nothing shows the introduction each time.
function remember(on) {
  try {
    localStorage.setItem(known, on ? "" : "yes");
  } catch {}
}

function remembered() {
  try {
    return localStorage.getItem(known) === "yes";
  } catch {
    return false;
  }
}

function introduce(on) {
  intro.hidden = !on;
  help.setAttribute("aria-expanded", String(on));
}

function ask(on) {
  introduce(on);
  remember(on);
  (on ? intro.querySelector("h2") : help).focus();
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (!button) return;
  const pane = button.closest("[data-pane]");
  const { choice, link, action, pass: by, tab } = button.dataset;
  if (tab) show(paneOf(tab), true);
  else if (by) pass(by);
  else if ("help" in button.dataset) ask(intro.hidden);
  else if ("dismiss" in button.dataset) ask(false);
  else if (!pane) return;
  else if (choice) choose(button, pane);
  else if (link) open(button, pane);
  else if (actions[action]) actions[action](pane, button.closest("[data-message]"));
});

document.querySelectorAll(".composer").forEach(prepare);
introduce(!remembered());
watch();
follow();
