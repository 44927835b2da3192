// The sandbox's clock, which runs on by itself and jumps when time is let pass.
import { post, text, lang } from "./post.js";
import { announce, toast } from "./panes.js";

const shown = document.querySelector("[data-clock]");
const written = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, {
  weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit",
  timeZone: document.body.dataset.zone || undefined,
});
let set = performance.now();

function tick() {
  const now = Number(document.body.dataset.now) + performance.now() - set;
  const parts = Object.fromEntries(written.formatToParts(now).map(({ type, value }) => [type, value]));
  const words = `${parts.weekday} ${parts.day} ${parts.month} ${parts.hour}:${parts.minute}`;
  if (shown.textContent !== words) shown.textContent = words;
}

/** Sets the clock to a time in ms since 1970. */
export function setClock(now) {
  set = performance.now();
  document.body.dataset.now = now;
  tick();
  announce(text("now", shown.textContent));
}

/** Lets time pass: "hour" or "morning". */
export async function pass(by) {
  try {
    await post("/pass", { by });
  } catch (problem) {
    toast(null, problem.message, true);
  }
}

tick();
setInterval(tick, 1000);
