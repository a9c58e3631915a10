// Shows the sentences with a wrong entity that fits all filters, in the chosen order, and saves
// them. The filters are in the address, after #sentences?, so that links and bookmarks can set them.
const filters = document.getElementById("filters");
const list = document.getElementById("list");

// What is chosen: values by the names of the form's fields, without the empty ones.
function chosen() {
  const params = new URLSearchParams();
  for (const [name, value] of new FormData(filters)) if (value.trim()) params.append(name, value);
  return params;
}

function choose(params) {
  filters.reset();
  for (const field of filters.elements) {
    const values = params.getAll(field.name);
    if (field.type === "checkbox") field.checked = values.includes(field.value);
    else if (values.length) field.value = values[0];
  }
}

function filter(params) {
  const names = [...new Set(params.keys())].filter((name) => name !== "search" && name !== "order");
  const search = (params.get("search") || "").toLowerCase();
  let [errors, sentences] = [0, 0];
  for (const article of list.children) {
    const isFound = article.dataset.text.toLowerCase().includes(search);
    let fitting = 0;
    for (const item of article.querySelectorAll("li")) {
      const fits = isFound && names.every((name) => params.getAll(name).includes(item.dataset[name]));
      item.hidden = !fits;
      fitting += fits;
    }
    article.hidden = fitting === 0;
    errors += fitting;
    sentences += fitting > 0;
  }
  tell(params, errors, sentences);
}

function tell(params, errors, sentences) {
  const told = [...params].filter(([name]) => name !== "order").map(([name, value]) => {
    const field = filters.querySelector(`select[name="${name}"]`);
    return `${name} ${field ? field.selectedOptions[0].text : value}`;
  });
  const shown = document.getElementById("shown");
  const { n, what } = shown.dataset;
  const of = (part, all) => (told.length ? `${part} of ${all}` : all);
  const counts = [`${of(errors, n)} ${what}`];
  if ("sentences" in shown.dataset) counts.push(`${of(sentences, list.children.length)} sentences`);
  shown.value = counts.join(", ") + (told.length ? `; filters: ${told.join(", ")}` : "");
  document.getElementById("clear").hidden = told.length === 0;
  document.getElementById("none").hidden = sentences > 0;
}

// The confidence of an article's most confident error that is shown.
function confidence(article) {
  const items = [...article.querySelectorAll("li:not([hidden])")];
  return Math.max(0, ...items.map((item) => Number(item.dataset.confidence)));
}

const orders = {
  most: (article) => -confidence(article),
  least: confidence,
  corpus: (article) => Number(article.dataset.place),
};

function sort(order) {
  const key = orders[order] || (() => 0);
  const keyed = [...list.children].map((article) => [
    key(article),
    Number(article.dataset.number),
    article,
  ]);
  keyed.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  if (keyed.some((each, i) => each[2] !== list.children[i])) list.append(...keyed.map((each) => each[2]));
}

function show() {
  const params = chosen();
  filter(params);
  sort(params.get("order"));
  return params;
}

// The form was changed by hand.
function change() {
  const params = show().toString();
  history.replaceState(null, "", params ? `#sentences?${params}` : "#sentences");
}

// The address was changed, by a link or by going back.
function follow() {
  const [target, params] = location.hash.split("?");
  if (target !== "#sentences" || params === undefined) return;
  choose(new URLSearchParams(params));
  show();
  const title = document.getElementById("sentences-title");
  title.focus({ preventScroll: true });
  title.scrollIntoView();
}

// The shown sentences in their order, a line of JSON for each.
function lines() {
  const tasks = JSON.parse(document.getElementById("tasks").textContent);
  const shown = [...list.children].filter((article) => !article.hidden);
  return shown.map((article) => JSON.stringify(tasks[article.dataset.number]) + "\n");
}

function download(parts, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(parts, { type: "application/jsonl" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

if (filters) {
  filters.reset(); // a browser may keep the fields of an earlier visit
  filters.addEventListener("input", change);
  filters.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("export")?.addEventListener("click", () => download(lines(), "sentences.jsonl"));
  document.getElementById("clear").addEventListener("click", () => {
    filters.reset();
    change();
    filters.elements.search.focus(); // the button is gone
  });
  window.addEventListener("hashchange", follow);
  // a link to where the address is already changes nothing, but leads there
  document.addEventListener("click", (event) => {
    if (event.target.closest("a")?.hash === location.hash) follow();
  });
  follow();
}
