
"use strict";
const sheet = document.body.dataset.sheet;
const articles = [...document.querySelectorAll("article")];

function usable(article, side) {
  const ticked = article.querySelectorAll(`input[data-side="${side}"]:checked`);
  return [...ticked].map((box) => Number(box.value));
}

function answer(article) {
  const marks = document.querySelector("input[type=checkbox]:checked");  // a reader who marks none anywhere was not asked
  const chosen = article.querySelector("input[type=radio]:checked");
  return {
    sheet: sheet,
    pair: Number(article.dataset.pair),
    prefer: chosen ? chosen.value : null,
    usable_left: marks ? usable(article, "left") : null,
    usable_right: marks ? usable(article, "right") : null,
    note: article.querySelector("input[type=text]").value,
  };
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem("riff-" + sheet)) || [];
  } catch {
    return [];  // some browsers keep nothing for files
  }
}

function restore() {
  for (const row of kept()) {
    const article = articles.find((one) => Number(one.dataset.pair) === row.pair);
    if (!article) continue;
    for (const box of article.querySelectorAll("input[type=radio]")) box.checked = box.value === row.prefer;
    for (const side of ["left", "right"]) {
      for (const box of article.querySelectorAll(`input[data-side="${side}"]`)) {
        box.checked = (row["usable_" + side] || []).includes(Number(box.value));
      }
    }
    article.querySelector("input[type=text]").value = row.note;
  }
}

function count() {
  const rows = articles.map(answer);
  articles.forEach((article, place) => article.classList.toggle("done", rows[place].prefer !== null));
  document.getElementById("count").textContent = String(rows.filter((row) => row.prefer !== null).length);
  return rows;
}

document.querySelector("main").addEventListener("input", () => {
  const rows = count();
  try {
    localStorage.setItem("riff-" + sheet, JSON.stringify(rows));
  } catch {
    // the answers are in the page all the same
  }
});

document.getElementById("save").addEventListener("click", () => {
  const lines = count().filter((row) => row.prefer !== null).map((row) => JSON.stringify(row) + "\n");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(lines, { type: "application/x-ndjson" }));
  link.download = "answers-" + sheet + ".jsonl";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
});

restore();
count();
