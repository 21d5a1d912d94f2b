"""The one script of the page: filters, and grouping by file. Without it the page shows everything by rule."""

from reqlint.display.shown import literal

# NOTE: it makes text nodes only, never markup, and the page allows no other script.
SCRIPT = literal("""
"use strict";
(() => {
  const one = (id) => document.getElementById(id);
  const list = one("list");
  const byRule = [...list.querySelectorAll("section")];
  const all = [...list.querySelectorAll("article")];
  const home = new Map(all.map((article) => [article, article.parentNode]));
  const text = new Map(all.map((article) => [article, article.textContent.toLowerCase()]));
  const files = [...document.querySelectorAll("#files [data-f]")];
  const boxes = [...document.querySelectorAll("#bar input[type=checkbox]")];
  const total = all.length;

  function sectionsOfFiles() {
    const sections = new Map();
    for (const row of files) {
      const section = document.createElement("section");
      const title = document.createElement("h3");
      title.className = "name";
      title.textContent = row.textContent;
      section.id = "f" + row.dataset.f;
      section.append(title);
      sections.set(row.dataset.f, section);
    }
    return sections;
  }

  function group() {
    if (one("group").value === "file") {
      const sections = sectionsOfFiles();
      const sorted = [...all].sort((a, b) => a.dataset.i - b.dataset.i);
      for (const article of sorted) (sections.get(article.dataset.f) || sections.values().next().value).append(article);
      list.replaceChildren(...sections.values());
    } else {
      for (const article of all) home.get(article).append(article);
      list.replaceChildren(...byRule);
    }
    filter();
  }

  function filter() {
    const severities = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    const words = one("words").value.toLowerCase().split(/\\s+/).filter(Boolean);
    const rule = one("rule").value;
    const file = one("file").value;
    let shown = 0;
    for (const article of all) {
      const data = article.dataset;
      const keep = severities.has(data.s) && (!rule || data.r === rule) && (!file || data.f === file) &&
        words.every((word) => text.get(article).includes(word));
      article.hidden = !keep;
      shown += keep;
    }
    for (const section of list.children) {
      section.hidden = !section.querySelector("article:not([hidden])");
    }
    one("shown").textContent = shown === total ? total + " shown" : shown + " of " + total + " shown";
    one("none").hidden = shown > 0;
  }

  function reset() {
    for (const box of boxes) box.checked = true;
    for (const id of ["words", "rule", "file"]) one(id).value = "";
    filter();
  }

  one("bar").hidden = false;
  one("bar").addEventListener("input", (event) => event.target.id === "group" ? group() : filter());
  one("reset").addEventListener("click", reset);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (!link) return;
    const wanted = link.getAttribute("href").slice(1);
    one("group").value = wanted[0] === "f" ? "file" : "rule";
    group();
    reset();
  });
  group();
})();
""")
