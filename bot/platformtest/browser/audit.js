// What can be measured on the page itself; gives a list of sentences.
(() => {
  const found = [];
  const all = [...document.querySelectorAll("*")];
  const name = (e) => {
    const parts = [];
    for (let at = e; at && at !== document.body; at = at.parentElement) {
      const mark = [...at.attributes].find((a) => a.name.startsWith("data-") && !a.name.startsWith("data-t"));
      parts.unshift(at.localName + (at.id ? `#${at.id}` : "") + (mark ? `[${mark.name}=${mark.value}]` : ""));
    }
    return parts.slice(-4).join(" > ");
  };
  const visible = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !clipped(e);
  const clipped = (e) => {
    for (let at = e; at; at = at.parentElement) if (getComputedStyle(at).clipPath !== "none") return true;
    return false;
  };

  const ids = new Map();
  for (const e of all) if (e.id) ids.set(e.id, (ids.get(e.id) ?? 0) + 1);
  for (const [id, times] of ids) if (times > 1) found.push(`the id ${id} stands ${times} times`);
  for (const e of all) {
    for (const attribute of ["aria-labelledby", "aria-describedby", "aria-controls", "for"]) {
      for (const id of (e.getAttribute(attribute) ?? "").split(/\s+/).filter(Boolean)) {
        if (!ids.has(id)) found.push(`${attribute} refers to ${id}, which is not there: ${name(e)}`);
      }
    }
  }

  const rgb = (colour) => {
    const [r, g, b, alpha = 1] = colour.match(/[\d.]+/g).map(Number);
    return { r, g, b, alpha };
  };
  const light = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (e) => {
    for (let at = e; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour.alpha === 1) return colour;
    }
    return rgb(getComputedStyle(document.documentElement).backgroundColor);
  };
  const contrast = (a, b) => {
    const [low, high] = [light(a), light(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = new Set();
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (walk.currentNode.data.trim() !== "" && !(e instanceof SVGElement)) texts.add(e);
  }
  for (const e of texts) {
    if (!visible(e) || e.closest(":disabled, noscript, script")) continue;
    const style = getComputedStyle(e);
    const size = parseFloat(style.fontSize);
    const least = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
    const ratio = contrast(rgb(style.color), ground(e));
    if (ratio < least) found.push(`contrast ${ratio.toFixed(2)} of "${e.textContent.trim().slice(0, 30)}": ${name(e)}`);
  }

  if (matchMedia("(pointer: coarse)").matches) {
    for (const e of document.querySelectorAll("button, textarea, label:has(input), select, nav a")) {
      const { width, height } = e.getBoundingClientRect();
      if (visible(e) && !e.matches(".unseen") && (width < 43.9 || height < 43.9)) {
        found.push(`${Math.round(width)} by ${Math.round(height)} pixels are too few for a thumb: ${name(e)}`);
      }
    }
  }

  const { scrollWidth, clientWidth } = document.documentElement; // innerWidth grows with what is too wide on a phone
  if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth} pixels wide in a window of ${clientWidth}`);
  return found;
})()
