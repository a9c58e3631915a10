// Accepts and rejects doubts, by key, mouse or touch; keeps the decisions in this browser, by the
// corpus and the place, so that they hold for a later audit of the same corpus, too; saves them.
const tasks = list ? JSON.parse(document.getElementById("tasks").textContent) : [];
const keptAs = list && `spacy-ner-audit ${list.dataset.corpus}`;
const places = tasks.map(({ doubt }) => JSON.stringify([doubt.doc, doubt.annotated, doubt.better]));
const articles = list ? [...list.children] : []; // by number
const past = []; // numbers, in the order in which they were decided
let decisions = {};

function read() {
  try {
    decisions = JSON.parse(localStorage.getItem(keptAs)) || {};
  } catch {
    decisions = {};
  }
}

function keep() {
  try {
    localStorage.setItem(keptAs, JSON.stringify(decisions));
  } catch {
    document.getElementById("unkept").hidden = false;
  }
}

function mark(number) {
  const article = articles[number];
  const answer = decisions[places[number]] || "";
  if (answer) article.dataset.decision = answer;
  else delete article.dataset.decision;
  article.querySelector("li").dataset.decision = answer || "open";
  for (const button of article.querySelectorAll(".decide button")) {
    if (button.dataset.answer) button.ariaPressed = String(button.dataset.answer === answer);
    else button.hidden = !answer;
  }
}

function count() {
  const answers = places.map((place) => decisions[place]);
  const [accepted, rejected] = ["accept", "reject"].map((a) => answers.filter((b) => a === b).length);
  const open = places.length - accepted - rejected;
  document.getElementById("decided").value = `${accepted} accepted, ${rejected} rejected, ${open} open`;
  document.getElementById("save").disabled = accepted + rejected === 0;
}

function decide(number, answer) {
  read(); // another tab may have decided other doubts
  if (answer) decisions[places[number]] = answer;
  else delete decisions[places[number]];
  keep();
  mark(number);
  count();
}

// Decisions change what is shown where they are filtered by.
function filterAgain() {
  if (filters.elements.decision.value) show();
}

// The nearest shown article after one (step 1), or before it (step -1).
function beside(article, step) {
  const way = step > 0 ? "nextElementSibling" : "previousElementSibling";
  let other = article[way];
  while (other && other.hidden) other = other[way];
  return other;
}

function current() {
  const focused = document.activeElement.closest("#list > article");
  return focused && !focused.hidden ? focused : null;
}

function go(article) {
  if (!article) return;
  article.focus({ preventScroll: true });
  article.scrollIntoView({ block: "center" });
}

function first() {
  return articles.length ? [...list.children].find((article) => !article.hidden) : null;
}

function move(step) {
  const here = current();
  go(here ? beside(here, step) : first());
}

// Decides an article. Where `isLeft`, or where no filter shows it any more, goes on to the next.
function answerTo(article, answer, isLeft) {
  const number = Number(article.dataset.number);
  const next = beside(article, 1) || beside(article, -1);
  decide(number, answer);
  if (answer) past.push(number);
  filterAgain();
  if (isLeft || article.hidden) go(next);
}

function undo() {
  const number = past.pop();
  const article = number === undefined ? current() : articles[number];
  if (!article) return;
  decide(Number(article.dataset.number), "");
  filterAgain();
  go(article);
}

const actions = {
  a: () => current() && answerTo(current(), "accept", true),
  r: () => current() && answerTo(current(), "reject", true),
  u: undo,
  j: () => move(1),
  k: () => move(-1),
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
};

function press(event) {
  const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  const isTyping = event.target.closest("input:not([type=checkbox]), select");
  if (!action || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  action();
}

function click(event) {
  const button = event.target.closest(".decide button");
  if (!button) return;
  const article = button.closest("article");
  answerTo(article, button.dataset.answer, false);
  if (button.hidden && !article.hidden) article.focus({ preventScroll: true }); // it was Undo
}

// The decided doubts of the page, a line of JSON for each.
function decisionLines() {
  return tasks.flatMap((task, number) => {
    const answer = decisions[places[number]];
    return answer ? [JSON.stringify({ ...task, answer }) + "\n"] : [];
  });
}

function refresh() {
  read();
  articles.forEach((_, number) => mark(number));
  count();
  show();
}

if (articles.length) {
  refresh();
  document.addEventListener("keydown", press);
  list.addEventListener("click", click);
  document.getElementById("save").addEventListener("click", () => download(decisionLines(), "decisions.jsonl"));
  window.addEventListener("storage", (event) => event.key === keptAs && refresh());
}
