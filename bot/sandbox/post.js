// What the page sends, one thing after the other, so that everything arrives in the order in which it was done.

export const lang = document.documentElement.lang;
let before = Promise.resolve();

/** A text that came with the page, with what is filled in for %s. */
export const text = (name, value = "") => document.body.getAttribute(`data-t-${name}`).replace("%s", () => value);

/** Sends fields; fails with words for the player when they are not taken. */
export function post(path, fields) {
  const done = before.then(() => send(path, fields));
  before = done.catch(() => {});
  return done;
}

async function send(path, fields) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  let answer;
  try {
    answer = await fetch(`${path}?lang=${lang}`, { method: "POST", body });
  } catch {
    throw new Error(text("failed"));
  }
  if (!answer.ok) throw new Error((await answer.text()).trim() || text("failed"));
}
