// The search. Its index is a script, loaded at the first use, because a page that was opened from the disk may not fetch
// files; so it works over file:// too.
"use strict";
(() => {
  const root = document.currentScript.dataset.root.replace(/\/?$/, "/");
  const query = document.getElementById("query");
  const results = document.getElementById("results");
  const most = 20;
  const apart = /[^\p{L}\p{N}]+/u; // what stands between two words
  let index = null;
  let waiting = null;

  function load() {
    waiting ||= new Promise((resolve) => {
      const script = document.createElement("script");
      script.src = root + "search_index.js";
      script.onload = () => {
        index = window.searchIndex.map(([page, title, address, heading, text]) => ({
          page, title, address, heading, text, low: even(text), lowTitle: even(title), lowHeading: even(heading),
        }));
        resolve();
      };
      document.head.append(script);
    });
    return waiting;
  }

  // Rules are named with hyphens for parameters with underscores: max_tokens finds max-tokens-below-one.
  function even(text) {
    return text.toLowerCase().replaceAll("_", "-");
  }

  function times(text, word) {
    return Math.min(8, text.split(word).length - 1);
  }

  // The parts of a page that have all words, by how near to the heading they stand; one part for each page.
  function find(text) {
    const phrase = even(text).trim().replace(/\s+/g, " ");
    const words = [...new Set(phrase.split(/[^\p{L}\p{N}.-]+/u).filter(Boolean))];
    if (!words.length) return [];
    const best = new Map();
    for (const part of index) {
      let score = 0;
      for (const word of words) {
        const near = (part.lowTitle.includes(word) ? 12 : 0) + (part.lowHeading.includes(word) ? 6 : 0);
        const often = times(part.low, word);
        if (!near && !often) { score = 0; break; }
        score += near + 1.5 * Math.log2(1 + often) * (1 + 200 / (200 + part.low.length));
        if (part.lowTitle.startsWith(word)) score += 4;
      }
      if (!score) continue;
      if (part.lowTitle === phrase || part.lowTitle === phrase.replace(/ /g, "-")) score += 100;
      if (words.length > 1 && part.low.includes(phrase)) score += 20;
      if (!part.heading) score += 1;
      const known = best.get(part.page);
      if (!known || score > known.score) best.set(part.page, { part, score });
    }
    return [...best.values()].sort((a, b) => b.score - a.score).slice(0, most).map((each) => ({ ...each, words }));
  }

  // For an error that was pasted whole, of which no page has every word: the rules with the words by which a server's
  // error is known, if all of them are in it, those with the most words first.
  function answering(text) {
    const given = new Set(even(text).split(apart));
    const best = [];
    for (const part of index) {
      if (part.heading !== "What servers answer") continue;
      let words = [];
      for (const phrase of part.text.replace(/^.*? known: /, "").split(/ \([^)]*\)\s*/)) {
        const known = even(phrase).split(apart).filter(Boolean);
        if (known.length > words.length && known.every((word) => given.has(word))) words = known;
      }
      if (words.length) best.push({ part, score: words.join("").length, words });
    }
    return best.sort((a, b) => b.score - a.score).slice(0, 8);
  }

  function marked(text, words) {
    const box = document.createElement("small");
    const low = even(text);
    const first = Math.min(...words.map((word) => low.indexOf(word)).filter((at) => at >= 0), text.length);
    const start = first < text.length ? Math.max(0, first - 60) : 0;
    const cut = (start ? "…" : "") + text.slice(start, start + 200) + (start + 200 < text.length ? "…" : "");
    const written = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("-", "[-_]"));
    const pattern = new RegExp("(" + written.join("|") + ")", "gi");
    cut.split(pattern).forEach((piece, number) => {
      const node = document.createElement(number % 2 ? "mark" : "span");
      node.textContent = piece;
      box.append(node);
    });
    return box;
  }

  function show() {
    let found = index ? find(query.value) : [];
    results.replaceChildren();
    if (index && !found.length && query.value.trim()) {
      found = answering(query.value);
      const few = document.createElement("p");
      few.textContent = found.length ? "What servers say in such words:" : "Nothing has all of these words.";
      results.append(few);
    }
    for (const { part, words } of found) {
      const link = document.createElement("a");
      link.href = root + part.address;
      link.setAttribute("role", "option");
      const title = document.createElement("b");
      title.textContent = part.heading ? part.title + " › " + part.heading : part.title;
      link.append(title, marked(part.text, words));
      results.append(link);
    }
    if (!index) {
      const loading = document.createElement("p");
      loading.textContent = "Loading…";
      results.append(loading);
    }
    results.querySelector("a")?.classList.add("on");
    open(Boolean(query.value.trim()));
  }

  function open(yes) {
    results.hidden = !yes;
    query.setAttribute("aria-expanded", String(yes));
  }

  function move(step) {
    const links = [...results.querySelectorAll("a")];
    const at = links.findIndex((link) => link.classList.contains("on"));
    links[at]?.classList.remove("on");
    const next = links[(at + step + links.length) % links.length];
    next?.classList.add("on");
    next?.scrollIntoView({ block: "nearest" });
  }

  // The list of pages is long on pages of rules: show the place where the reader is.
  const side = document.querySelector(".side");
  const here = [...side.querySelectorAll("[aria-current]")].pop();
  if (here && here.offsetTop > side.clientHeight * 0.8) side.scrollTop = here.offsetTop - side.clientHeight / 3;

  query.parentElement.hidden = false;
  query.addEventListener("focus", () => load().then(show));
  query.addEventListener("input", show);
  query.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); move(event.key === "ArrowDown" ? 1 : -1); }
    else if (event.key === "Enter") results.querySelector("a.on")?.click();
    else if (event.key === "Escape") { open(false); query.blur(); }
  });
  document.addEventListener("click", (event) => { if (!event.target.closest(".search")) open(false); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) {
      event.preventDefault();
      query.focus();
    }
  });
})();
