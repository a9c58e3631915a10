"use strict";
// Shows the sentences that have an error of a checked kind, label and verdict, in the chosen order,
// and saves them.
const filters = document.getElementById("filters");
const sentences = document.getElementById("sentences");

// What is checked; undefined where the page has no such boxes.
function checked(name) {
  const boxes = [...filters.querySelectorAll(`[name=${name}]`)];
  if (boxes.length === 0) return undefined;
  return new Set(boxes.filter((box) => box.checked).map((box) => box.value));
}

function filter() {
  const kinds = checked("kind");
  const labels = checked("label");
  const verdicts = checked("verdict");
  let shown = 0;
  for (const article of sentences.children) {
    let any = false;
    for (const item of article.querySelectorAll("li")) {
      const of = JSON.parse(item.dataset.labels);
      const wanted =
        kinds.has(item.dataset.kind) &&
        of.some((label) => labels.has(label)) &&
        (!verdicts || !item.dataset.verdict || verdicts.has(item.dataset.verdict));
      item.hidden = !wanted;
      any = any || wanted;
    }
    article.hidden = !any;
    shown += any;
  }
  document.getElementById("shown").value = `Sentences shown: ${shown}`;
}

// The confidence of an article's most confident error that is shown.
function confidence(article) {
  const items = [...article.querySelectorAll("li:not([hidden])")];
  return Math.max(0, ...items.map((item) => Number(item.dataset.confidence)));
}

function sort() {
  const order = filters.elements.order?.value;
  if (!order) return;
  const sign = { corpus: 0, most: -1, least: 1 }[order];
  const keyed = [...sentences.children].map((article) => [
    sign * confidence(article),
    Number(article.dataset.number),
    article,
  ]);
  keyed.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  sentences.append(...keyed.map((each) => each[2]));
}

// The shown sentences in their order, a line of JSON for each.
function lines() {
  const tasks = JSON.parse(document.getElementById("tasks").textContent);
  const shown = [...sentences.children].filter((article) => !article.hidden);
  return shown.map((article) => JSON.stringify(tasks[article.dataset.number]) + "\n");
}

function save() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(lines(), { type: "application/jsonl" }));
  link.download = "sentences.jsonl";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

if (filters) {
  filters.addEventListener("change", () => {
    filter();
    sort();
  });
  filters.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("export").addEventListener("click", save);
  filters.reset(); // a browser may keep the boxes of an earlier visit
}
