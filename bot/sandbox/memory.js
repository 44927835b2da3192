// What the browser keeps for the next time, if it keeps anything.

const name = (what) => `buurtbot.sandbox.${what}`;

/** Keeps a text. */
export function keep(what, value) {
  try {
    localStorage.setItem(name(what), value);
  } catch {}
}

/** Gives a text that was kept, or "". */
export function kept(what) {
  try {
    return localStorage.getItem(name(what)) ?? "";
  } catch {
    return "";
  }
}
