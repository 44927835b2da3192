// What happens, as the server tells it: each thing once, in order, from the last one that is known.
import { lang } from "./post.js";
import { paneOf, place, replace, toast } from "./panes.js";
import { setClock } from "./clock.js";

const patience = 1000; // ms before the page says anything
const pause = 300; // ms before it tries again
const offline = document.querySelector("[data-offline]");
let after = document.body.dataset.after;
let warning;

const hear = {
  message: place,
  toast: ({ room, person, text }) => toast(paneOf(room), `${person}: ${text}`),
  clock: ({ now }) => setClock(now),
  reset: refresh,
};

/** Follows what happens, for as long as the page is there. */
export function follow() {
  const source = new EventSource(`/events?lang=${lang}&after=${encodeURIComponent(after)}`);
  source.onopen = () => live(true);
  source.onerror = () => {
    live(false);
    if (source.readyState === EventSource.CLOSED) setTimeout(follow, pause); // the browser gave up, the page does not
  };
  for (const [kind, take] of Object.entries(hear)) {
    source.addEventListener(kind, (event) => {
      after = event.lastEventId;
      take(JSON.parse(event.data));
    });
  }
}

function live(on) {
  document.body.dataset.live = on ? "on" : "off";
  if (on) {
    clearTimeout(warning);
    warning = undefined;
    offline.hidden = true;
  } else {
    warning ??= setTimeout(() => { offline.hidden = false; }, patience); // every try that fails comes here
  }
}

// What is being typed stays, and so does the focus.
async function refresh() {
  try {
    const answer = await fetch(`/?lang=${lang}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    replace(page);
    setClock(Number(page.body.dataset.now));
  } catch {
    setTimeout(refresh, pause);
  }
}
