"use strict";
// Shows the sentences that have an error of a checked kind with a checked label.
const filters = document.getElementById("filters");
const checked = (name) =>
  new Set([...filters.querySelectorAll(`[name=${name}]:checked`)].map((box) => box.value));

function filter() {
  const kinds = checked("kind");
  const labels = checked("label");
  let shown = 0;
  for (const article of document.querySelectorAll("article")) {
    let any = false;
    for (const item of article.querySelectorAll("li")) {
      const of = JSON.parse(item.dataset.labels);
      const wanted = kinds.has(item.dataset.kind) && of.some((label) => labels.has(label));
      item.hidden = !wanted;
      any = any || wanted;
    }
    article.hidden = !any;
    shown += any;
  }
  document.getElementById("shown").value = `Sentences shown: ${shown}`;
}

if (filters) {
  filters.addEventListener("change", filter);
  filters.reset(); // a browser may keep the boxes of an earlier visit
}
