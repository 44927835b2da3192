// The page of the sandbox: what is pressed finds its way from here.
import { follow } from "./live.js";
import { pass } from "./clock.js";
import { close, expect, paneOf, show, toast, toEnd, watch } from "./panes.js";
import { cancel, edit, pin, prepare, reply, speaker, tell } from "./compose.js";
import { keep, kept } from "./memory.js";
import { post, text } from "./post.js";

const intro = document.querySelector("[data-intro]");
const help = document.querySelector("[data-help]");

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
  private: (pane) => alone(pane),
  close,
};

async function choose(button, pane) {
  const message = button.closest("[data-message]");
  button.setAttribute("aria-busy", "true");
  const { message: on, token = "" } = message.dataset;
  expect(speaker(pane));
  await tell(pane, "/press", { on, token, key: button.dataset.choice });
  button.removeAttribute("aria-busy");
}

// Brings up the private chat of the one who speaks in a pane.
function alone(pane) {
  const chat = paneOf(speaker(pane));
  if (chat) show(chat, true);
  else toast(pane, text("nopane"), true);
}

async function open(button, pane) {
  try {
    await post("/open", { person: speaker(pane), link: button.dataset.link });
    alone(pane);
  } catch (problem) {
    toast(pane, problem.message, true);
  }
}

function introduce(on) {
  intro.hidden = !on;
  help.setAttribute("aria-expanded", String(on));
}

function ask(on) {
  introduce(on);
  keep("introduced", on ? "" : "yes");
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
introduce(kept("introduced") !== "yes"); // a browser that keeps nothing shows it each time
watch();
follow();
