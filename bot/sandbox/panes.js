// The panes: what stands in them, which of them is seen, and what was not seen yet.
import { keep, kept } from "./memory.js";
import { text } from "./post.js";

const all = [...document.querySelectorAll("[data-pane]")];
const row = document.querySelector(".panes");
const tabs = document.querySelector(".tabs");
const title = document.title;
const onScreen = new Set(all);
const keys = matchMedia("(hover: hover)"); // where a focused box brings up no keyboard on the screen
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const openers = new WeakMap(); // what had the focus when a pane was opened
let expected = ""; // who may be told something alone, because of what they did just now

export const paneOf = (id) => all.find((pane) => pane.dataset.pane === id);
const tabOf = (pane) => tabs.querySelector(`[data-tab="${pane.dataset.pane}"]`);
const logOf = (pane) => pane.querySelector("[data-log]");
const titleOf = (pane) => pane.querySelector("h2").textContent;
const lastOf = (pane) => [...pane.querySelectorAll("[data-message]")].at(-1)?.dataset.message ?? "";
const atEnd = (log) => log.scrollHeight - log.scrollTop - log.clientHeight < 40;

/** Scrolls a chat to its newest message. */
export function toEnd(pane) {
  const log = logOf(pane);
  log.scrollTop = log.scrollHeight;
}

function choose(pane) {
  for (const other of all) {
    other.classList.toggle("current", other === pane);
    if (other === pane) tabOf(other).setAttribute("aria-current", "true");
    else tabOf(other).removeAttribute("aria-current");
  }
}

// Opens a pane that was not there.
function reveal(pane) {
  if (!pane.hidden) return;
  openers.set(pane, document.activeElement);
  pane.hidden = tabOf(pane).hidden = false;
  toEnd(pane);
  keep(`closed.${pane.dataset.pane}`, "");
  announce(text("opened", titleOf(pane)));
}

/** Closes a pane that comes and goes; the focus goes back to where it was opened. */
export function close(pane) {
  pane.hidden = tabOf(pane).hidden = true;
  count(pane, 0);
  keep(`closed.${pane.dataset.pane}`, lastOf(pane));
  announce(text("closed", titleOf(pane)));
  const opener = openers.get(pane);
  const from = opener?.closest("[data-pane]");
  const there = from && !from.hidden;
  show(there ? from : all.slice(0, all.indexOf(pane)).findLast((p) => !p.hidden) ?? all.find((p) => !p.hidden), !there);
  if (there) opener.focus({ preventScroll: true });
}

// A pane that was closed stays closed when the page is loaded again, as long as nothing new stands in it.
function stayClosed(pane) {
  const at = "quiet" in pane.dataset && kept(`closed.${pane.dataset.pane}`);
  if (at && at === lastOf(pane)) pane.hidden = tabOf(pane).hidden = true;
}

/** Says whose private chat is brought into sight if something opens it next. */
export function expect(person) {
  expected = person;
}

function bring(pane) {
  pane.scrollIntoView({ inline: "nearest", block: "nearest", behavior: calm.matches ? "auto" : "smooth" });
  tabOf(pane).scrollIntoView({ inline: "nearest", block: "nearest" });
}

/** Brings a pane into sight, and the focus into it if it is wanted there. */
export function show(pane, focus) {
  reveal(pane);
  const known = pane.classList.contains("current");
  choose(pane);
  if (!known) toEnd(pane);
  bring(pane);
  if (focus) (keys.matches && pane.querySelector("textarea") || pane.querySelector("h2")).focus({ preventScroll: true });
  look(pane);
}

/** Puts a message where it belongs, or its new version in the place of the old one. */
export function place({ room, message, html, unseen }) {
  const pane = paneOf(room);
  if (!pane) return;
  const log = logOf(pane);
  const template = document.createElement("template");
  template.innerHTML = html;
  const fresh = template.content.firstElementChild;
  const old = log.querySelector(`[data-message="${message}"]`);
  const end = atEnd(log);
  if (old) renew(old, fresh);
  else if (!insert(log, fresh)) return; // older than everything that is shown
  if (!old && pane.hidden) {
    reveal(pane);
    if (room === expected) bring(pane);
  }
  regroup(old ?? fresh);
  if (end) toEnd(pane);
  else if (!old) pane.querySelector('[data-action="newest"]').hidden = false;
  if (!old && unseen) count(pane, Number(tabOf(pane).dataset.unread) + 1);
  look(pane);
}

const number = (message) => Number(message.dataset.message.slice(1));

function insert(log, fresh) {
  const messages = [...log.querySelectorAll(":scope > [data-message]")];
  const after = messages.findLast((m) => number(m) < number(fresh));
  if (!after && messages.length > 0) return false;
  fresh.classList.add("arrived");
  (after ?? log.lastElementChild).after(fresh);
  return true;
}

// The element stays, so that the focus can stay on it, or on what was the same button before.
function renew(old, fresh) {
  const held = old.contains(document.activeElement) ? document.activeElement : null;
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) old.setAttribute(name, value);
  if (old.innerHTML === fresh.innerHTML) return; // nothing to be read aloud again
  old.replaceChildren(...fresh.childNodes);
  old.classList.add("renewed");
  if (held) (again(old, held) ?? old).focus({ preventScroll: true });
}

function again(message, held) {
  for (const name of ["data-choice", "data-link", "data-action"]) {
    if (held.hasAttribute(name)) return message.querySelector(`[${name}="${CSS.escape(held.getAttribute(name))}"]`);
  }
  return null;
}

// Messages of one person within five minutes stand together; within one, the time is not said again.
function regroup(message) {
  const near = message.nextElementSibling;
  for (const m of [message, near]) {
    const last = m?.previousElementSibling;
    if (!m) continue;
    m.classList.toggle("follows", !!last?.dataset.from && last.dataset.from === m.dataset.from && at(m) - at(last) < 3e5);
    m.classList.toggle("soon", !!last?.dataset.from && at(m) - at(last) < 6e4);
  }
}

const at = (message) => Date.parse(message.querySelector("time").dateTime);

function seen(pane) {
  return document.visibilityState === "visible" && pane.offsetParent !== null && onScreen.has(pane) && atEnd(logOf(pane));
}

/** Forgets what was not seen, if it is now. */
export function look(pane) {
  if (atEnd(logOf(pane))) pane.querySelector('[data-action="newest"]').hidden = true;
  if (seen(pane)) count(pane, 0);
}

function count(pane, unread) {
  const tab = tabOf(pane);
  if (tab.dataset.unread === String(unread)) return;
  tab.dataset.unread = unread;
  const badge = tab.querySelector("[data-badge]");
  badge.hidden = unread === 0;
  badge.innerHTML = '<span aria-hidden="true"></span><span class="unseen"></span>';
  badge.firstElementChild.textContent = unread;
  badge.lastElementChild.textContent = ` ${text("unseen", unread)}`;
  const whole = all.reduce((sum, p) => sum + Number(tabOf(p).dataset.unread), 0);
  document.title = whole ? `(${whole}) ${title}` : title;
}

/** Has something read aloud. */
export function announce(words) {
  document.querySelector("[data-announce]").textContent = words;
}

/** Tells somebody something for a while, in a pane. */
export function toast(pane, words, bad) {
  const note = document.createElement("p");
  note.className = bad ? "toast bad" : "toast";
  note.dataset.toast = "";
  note.textContent = words;
  const here = pane ?? document.querySelector(".pane.current");
  here.querySelector("[data-toasts]").append(note);
  setTimeout(() => note.remove(), Math.max(6000, words.length * 90));
}

/** Takes over what a newer page shows, after too much was missed. */
export function replace(page) {
  for (const pane of all) {
    const now = page.querySelector(`[data-pane="${pane.dataset.pane}"]`);
    const there = [...now.querySelectorAll("[data-message]")];
    const refs = new Set(there.map((m) => m.dataset.message));
    for (const old of pane.querySelectorAll("[data-message]")) if (!refs.has(old.dataset.message)) old.remove();
    for (const m of there) {
      place({ room: pane.dataset.pane, message: m.dataset.message, html: m.outerHTML, unseen: m.dataset.from === "bot" });
    }
  }
}

/** Starts to watch what is seen. */
export function watch() {
  const screen = new IntersectionObserver((changes) => {
    for (const { target, intersectionRatio } of changes) {
      if (intersectionRatio > 0.6) onScreen.add(target);
      else onScreen.delete(target);
      look(target);
    }
  }, { threshold: [0, 0.6, 1] });
  const size = new ResizeObserver(() => tabs.classList.toggle("needed", row.scrollWidth > row.clientWidth + 1));
  size.observe(row);
  for (const pane of all) {
    for (const m of pane.querySelectorAll("[data-message]")) regroup(m);
    stayClosed(pane);
    toEnd(pane);
    screen.observe(pane);
    size.observe(pane);
    pane.addEventListener("focusin", () => choose(pane));
    logOf(pane).addEventListener("scroll", () => look(pane), { passive: true });
  }
  document.addEventListener("visibilitychange", () => all.forEach(look));
}
