// Follows a board: puts ideas where they belong as they come, join others and move, and lets the clock run.
// Without this script the page loads itself anew; everything here only spares that.
"use strict";

const stream = document.currentScript.dataset.stream;
const late = Date.now() - Number(document.currentScript.dataset.now); // the browser's clock, beside Riff's
const svgNames = "http://www.w3.org/2000/svg";
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
const mostMoved = 150; // ideas that glide to their new place; more would stutter

const find = (id) => document.getElementById(id);
const ideaOf = (number) => find(`idea-${number}`);

function parsed(markup) {
  const template = document.createElement("template");
  template.innerHTML = markup; // made and escaped by Riff
  return template.content.firstElementChild;
}

function places() {
  const seen = new Map();
  if (calm.matches) return seen;
  for (const idea of document.querySelectorAll(".idea")) {
    if (seen.size >= mostMoved) break;
    seen.set(idea.id, idea.getBoundingClientRect());
  }
  return seen;
}

function glide(before) {
  for (const [id, from] of before) {
    const idea = find(id);
    if (!idea) continue;
    const to = idea.getBoundingClientRect();
    const [x, y] = [from.left - to.left, from.top - to.top];
    if (x || y) {
      idea.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: "none" }], {
        duration: 450, easing: "ease-out",
      });
    }
  }
}

function order(parent, wanted) {
  // What is where it belongs is left alone, so that focus and selection stay.
  wanted.forEach((node, at) => {
    if (parent.children[at] !== node) parent.insertBefore(node, parent.children[at] || null);
  });
  while (parent.children.length > wanted.length) parent.lastElementChild.remove();
}

function section(key) {
  const made = document.createElement("section");
  made.dataset.key = key;
  made.className = `theme theme-${key}`;
  const heading = made.appendChild(document.createElement("h2"));
  heading.append(document.createTextNode(""), document.createElement("span"));
  heading.lastChild.className = "count";
  made.appendChild(document.createElement("div")).className = "ideas";
  return made;
}

function card(number, markup, isFirst) {
  const old = ideaOf(number);
  if (!markup) return old;
  const fresh = parsed(markup);
  if (!isFirst) fresh.classList.add("fresh");
  if (old) {
    const hadFocus = old.contains(document.activeElement);
    old.replaceWith(fresh);
    if (hadFocus) (fresh.querySelector("a") || fresh).focus();
  }
  return fresh;
}

function drawThemes(message, isFirst) {
  const home = find("themes");
  const ideas = new Map();
  for (const [, , , numbers] of message.themes) {
    for (const number of numbers) ideas.set(number, card(number, message.cards[number], isFirst));
  }
  const sections = message.themes.map(([key, name, count, numbers]) => {
    const theme = home.querySelector(`[data-key="${CSS.escape(key)}"]`) || section(key);
    theme.setAttribute("aria-label", name);
    const heading = theme.querySelector("h2");
    heading.firstChild.textContent = `${name} `;
    heading.querySelector(".count").textContent = count;
    order(theme.querySelector(".ideas"), numbers.map((number) => ideas.get(number)).filter(Boolean));
    return theme;
  });
  order(home, sections);
}

function drawn(parent, selector, make) {
  return parent.querySelector(selector) || parent.appendChild(make());
}

function svg(name, ...children) {
  const made = document.createElementNS(svgNames, name);
  made.append(...children);
  return made;
}

function drawRegions(regions) {
  const parent = find("regions");
  const kept = new Set(regions.map(([key]) => key));
  for (const old of [...parent.children]) if (!kept.has(old.dataset.key)) old.remove();
  for (const [key, x, y, r, label] of regions) {
    const region = drawn(parent, `[data-key="${CSS.escape(key)}"]`, () => {
      const made = svg("g", svg("circle"), svg("text"));
      made.dataset.key = key;
      made.setAttribute("class", `region theme-${key}`);
      return made;
    });
    region.setAttribute("transform", `translate(${x} ${y})`);
    region.querySelector("circle").setAttribute("r", r);
    region.querySelector("text").setAttribute("y", Math.round(-r * 0.74));
    region.querySelector("text").textContent = label;
  }
}

function drawDots(message) {
  const parent = find("dots");
  for (const old of [...parent.children]) if (!message.map.dots[old.dataset.number]) old.remove();
  for (const [key, , , numbers] of message.themes) {
    for (const number of numbers) {
      const [x, y, r] = message.map.dots[number];
      const dot = drawn(parent, `[data-number="${number}"]`, () => {
        const made = svg("a", svg("circle"), svg("text", String(number)));
        made.dataset.number = number;
        made.setAttribute("href", `#idea-${number}`);
        return made;
      });
      dot.setAttribute("class", `dot theme-${key}`);
      dot.setAttribute("transform", `translate(${x} ${y})`);
      dot.setAttribute("aria-label", ideaOf(number).querySelector("h3").textContent);
      dot.querySelector("circle").setAttribute("r", r);
      dot.querySelector("text").setAttribute("font-size", Math.trunc(r * (number < 100 ? 1.1 : 0.8)));
    }
  }
}

let isFirst = true;

function apply(message) {
  const before = isFirst ? new Map() : places();
  find("head").innerHTML = message.head; // made and escaped by Riff
  drawThemes(message, isFirst);
  if (find("map")) {
    find("map").setAttribute("viewBox", message.map.box);
    drawRegions(message.map.regions);
    drawDots(message);
  }
  glide(before);
  if (message.says) find("says").textContent = message.says;
  isFirst = false;
  startClock();
}

// What an idea was made of, and what was made of it, is marked while it is touched, pointed at or has the focus.

function kin(number) {
  const idea = ideaOf(number);
  return idea ? `${idea.dataset.of} ${idea.dataset.in}`.split(" ").filter(Boolean) : [];
}

function mark(number) {
  for (const old of document.querySelectorAll(".kin, .chosen")) old.classList.remove("kin", "chosen");
  const lines = find("lines");
  if (lines) lines.replaceChildren();
  if (!number) return;
  const all = (one) => document.querySelectorAll(`[data-number="${CSS.escape(one)}"]`);
  for (const node of all(number)) node.classList.add("chosen");
  for (const other of kin(number)) {
    for (const node of all(other)) node.classList.add("kin");
    if (lines) join(lines, number, other);
  }
}

function join(lines, one, other) {
  const ends = [one, other].map((number) => find("dots").querySelector(`[data-number="${CSS.escape(number)}"]`));
  if (!ends[0] || !ends[1]) return;
  const [from, to] = ends.map((dot) => dot.getAttribute("transform").match(/-?\d+/g));
  const line = svg("line");
  ["x1", "y1"].forEach((name, at) => line.setAttribute(name, from[at]));
  ["x2", "y2"].forEach((name, at) => line.setAttribute(name, to[at]));
  lines.append(line);
}

function under(event) {
  const node = event.target.closest && event.target.closest("[data-number]");
  return node ? node.dataset.number : "";
}

for (const kind of ["pointerover", "focusin", "pointerdown"]) {
  document.addEventListener(kind, (event) => mark(under(event)));
}
document.addEventListener("keydown", (event) => { if (event.key === "Escape") mark(""); });

// The clock: by Riff's time, whatever the browser's says.

let timer = 0;

function startClock() {
  clearInterval(timer);
  const clock = document.querySelector("[data-ends]");
  if (!clock) return;
  const ends = Number(clock.dataset.ends) + late;
  const told = document.createElement("span");
  told.setAttribute("aria-hidden", "true");
  const spoken = document.createElement("span");
  spoken.className = "unseen";
  spoken.textContent = clock.textContent;
  clock.replaceChildren(told, spoken);
  const tick = () => {
    const seconds = Math.max(0, Math.round((ends - Date.now()) / 1000));
    const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    const shown = parts[0] ? parts : parts.slice(1);
    told.textContent = shown.map((part, at) => (at ? String(part).padStart(2, "0") : part)).join(":");
  };
  tick();
  timer = setInterval(tick, 1000);
}

// The changes. A browser begins anew by itself when the connection ends; where it may not, the page is loaded again.

function follow() {
  const source = new EventSource(stream);
  source.onmessage = (event) => {
    find("away").hidden = true;
    apply(JSON.parse(event.data));
  };
  source.onopen = () => { find("away").hidden = true; };
  source.onerror = () => {
    find("away").hidden = false;
    if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 10000);
  };
}

startClock();
follow();
