"use strict";
// Finds the entities of the text as it is typed, and shows them. Candidates come with the answer, so
// that another threshold needs no other request.
const N_BEST = 5;
const MILLISECONDS_OF_REST = 200;
const COLOURS = Number(getComputedStyle(document.documentElement).getPropertyValue("--label-colours"));

const element = (id) => document.getElementById(id);
const text = element("text");
const threshold = element("threshold");
const tip = element("tip");

let model = { labels: [], probabilities: false };
let answer = null; // with the characters of its text
let request = null; // that isn't answered yet
let rest = 0;

// The entities without overlap that maximise the sum of (probability - threshold), by weighted
// interval scheduling, as the pipeline itself chooses them.
function select(candidates, least) {
  const ordered = candidates
    .map((candidate) => ({ ...candidate, gain: candidate.probability - least }))
    .filter((candidate) => candidate.gain > 0)
    .sort((a, b) => a.end - b.end);
  const best = [0]; // of the first 0, 1, 2, ... candidates
  const before = []; // how many of the candidates end where this one begins, or earlier
  ordered.forEach((candidate, i) => {
    let n = i;
    while (n > 0 && ordered[n - 1].end > candidate.start) n -= 1;
    before.push(n);
    best.push(Math.max(best[i], best[n] + candidate.gain));
  });
  const selected = [];
  for (let i = ordered.length; i > 0; ) {
    if (best[i] === best[i - 1]) {
      i -= 1;
    } else {
      selected.unshift(ordered[i - 1]);
      i = before[i - 1];
    }
  }
  return selected;
}

const overlaps = (a, b) => a.start < b.end && b.start < a.end;
const shown = (probability) => (probability === null ? "" : probability.toFixed(2));

// The entities, and between them the places that only have candidates, in the text's order.
function placesOf(entities, candidates) {
  const free = candidates.filter((candidate) => !entities.some((entity) => overlaps(entity, candidate)));
  const places = entities.map((entity) => ({ ...entity, entity }));
  for (const { start, end } of free) {
    const last = places[places.length - 1];
    if (last && !last.entity && overlaps(last, { start, end })) last.end = Math.max(last.end, end);
    else places.push({ start, end, entity: null });
  }
  return places.sort((a, b) => a.start - b.start);
}

function make(tag, className, ...content) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...content);
  return made;
}

const colour = (label) => `label-${Math.max(0, model.labels.indexOf(label)) % COLOURS}`;

function chip(row) {
  return make("span", `chip ${colour(row.label)}`, row.text, " ", make("span", "label", row.label));
}

function placed(place, candidates) {
  const content = answer.characters.slice(place.start, place.end).join("");
  const { entity } = place;
  const made = entity
    ? make("mark", colour(entity.label), content, " ",
        make("span", "label", `${entity.label} ${shown(entity.probability)}`.trim()))
    : make("span", "candidates", content);
  const here = candidates.filter((candidate) => overlaps(candidate, place));
  if (here.length) explain(made, here);
  return made;
}

// Shows the candidates of a place where it is pointed at, or has the focus.
function explain(made, candidates) {
  made.tabIndex = 0;
  made.setAttribute("aria-describedby", "tip");
  for (const event of ["pointerenter", "focus"]) made.addEventListener(event, () => openTip(made, candidates));
  for (const event of ["pointerleave", "blur"]) made.addEventListener(event, closeTipSoon);
}

function openTip(at, candidates) {
  clearTimeout(closing);
  const rows = [...candidates].sort((a, b) => b.probability - a.probability).map((candidate) =>
    make("tr", "", make("td", "", chip(candidate)), make("td", "", candidate.probability.toFixed(3))));
  tip.replaceChildren(make("table", "", make("tbody", "", ...rows)));
  tip.hidden = false;
  const place = at.getClientRects()[0];
  const left = Math.min(place.left, document.documentElement.clientWidth - tip.offsetWidth - 8);
  tip.style.left = `${Math.max(8, left) + scrollX}px`;
  tip.style.top = `${at.getBoundingClientRect().bottom + scrollY + 4}px`;
}

let closing = 0;
// A little later, so that the pointer can go there.
function closeTipSoon() {
  clearTimeout(closing);
  closing = setTimeout(closeTip, 150);
}

function closeTip() {
  clearTimeout(closing);
  tip.hidden = true;
}

function show() {
  if (!answer) return;
  closeTip();
  const candidates = answer.candidates || [];
  const isByThreshold = element("form").elements.rule.value === "threshold";
  const entities = isByThreshold ? select(candidates, Number(threshold.value)) : answer.entities;
  const nodes = [];
  let end = 0;
  for (const place of placesOf(entities, candidates)) {
    nodes.push(answer.characters.slice(end, place.start).join(""), placed(place, candidates));
    end = place.end;
  }
  nodes.push(answer.characters.slice(end).join(""));
  element("entities").replaceChildren(...nodes);
  element("found").hidden = false;
  element("hint").hidden = candidates.length === 0;
  say(entities.length === 1 ? "1 entity" : `${entities.length} entities`);
}

function say(message, isWrong = false) {
  element("status").textContent = message;
  element("status").classList.toggle("wrong", isWrong);
}

// Each annotation after the first by what is other in it.
function showAnnotations() {
  const annotations = answer.n_best || [];
  element("annotations").hidden = annotations.length === 0;
  const items = annotations.map(({ probability, entities }, i) => {
    const best = annotations[0].entities;
    const changes = i === 0
      ? entities.map(chip)
      : [...changed("with", without(entities, best)), ...changed("without", without(best, entities))];
    if (i === 0 && entities.length === 0) changes.push("no entity");
    return make("li", "", probability.toFixed(3), make("span", "changes", ...changes));
  });
  element("n-best").replaceChildren(...items);
}

const key = ({ start, end, label }) => `${start} ${end} ${label}`;

function without(entities, others) {
  const there = new Set(others.map(key));
  return entities.filter((entity) => !there.has(key(entity)));
}

function changed(word, entities) {
  return entities.length ? [make("span", "", word), ...entities.map(chip)] : [];
}

async function ask() {
  if (request) request.abort();
  if (!text.value.trim()) {
    clear();
    return;
  }
  request = new AbortController();
  const asked = { text: text.value };
  if (model.probabilities) Object.assign(asked, { min_score: Number(threshold.min), n_best: N_BEST });
  try {
    const found = await post(asked, request.signal);
    answer = { ...found, characters: Array.from(asked.text) }; // rows count code points, not UTF-16
    show();
    showAnnotations();
  } catch (error) {
    if (error.name !== "AbortError") {
      clear();
      say(error.message, true);
    }
  }
}

async function post(asked, signal) {
  const headers = { "Content-Type": "application/json" };
  const response = await fetch("entities", { method: "POST", headers, body: JSON.stringify(asked), signal });
  const found = await response.json();
  if (!response.ok) throw new Error(found.detail);
  return found;
}

function clear() {
  answer = null;
  for (const id of ["found", "annotations"]) element(id).hidden = true;
  closeTip();
  say("");
}

async function start() {
  model = await (await fetch("model")).json();
  element("model").textContent = model.name;
  element("rule").hidden = !model.probabilities;
  element("labels").replaceChildren(
    ...model.labels.map((label) => make("li", `chip label ${colour(label)}`, label)));
  if (text.value) ask(); // that the browser has kept
}

text.addEventListener("input", () => {
  clearTimeout(rest);
  rest = setTimeout(ask, MILLISECONDS_OF_REST);
});
threshold.addEventListener("input", () => {
  element("form").elements.rule.value = "threshold";
  element("value").value = Number(threshold.value).toFixed(2);
  show();
});
for (const choice of element("form").elements.rule) choice.addEventListener("change", show);
element("form").addEventListener("submit", (event) => event.preventDefault());
tip.addEventListener("pointerenter", () => clearTimeout(closing));
tip.addEventListener("pointerleave", closeTipSoon);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeTip();
});
start().catch(() => say("The service doesn't answer.", true));
