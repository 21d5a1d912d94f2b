// The page: an editor, the findings beside it, and the address that shares a text. What is shown is text, never markup.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, defaultHighlightStyle, HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { examples } from "./examples.js";
import { packed, unpacked } from "./sharing.js";

const one = (id) => document.getElementById(id);
const wait = 40; // milliseconds after the last key before the text is judged

// A worker made of a blob has this page's policy; one from an address would have none.
const program = `import ${JSON.stringify(new URL("worker.js", import.meta.url).href)};`;
const worker = new Worker(URL.createObjectURL(new Blob([program], { type: "text/javascript" })), { type: "module" });
const language = new Compartment();
const began = performance.now();
let ready = false;
let tab = "findings";
let asked = 0; // the number of the last question
let busy = false;
let again = false;
let timer = 0;
let typed = 0; // when the last key was struck
let fixes = [];

const colors = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--link)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--note)" },
  { tag: tags.comment, color: "var(--dim)" },
]);
const look = EditorView.theme({
  "&": { height: "100%", fontSize: "13px", background: "var(--back)", color: "var(--text)" },
  ".cm-scroller": { fontFamily: 'ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace', lineHeight: "1.55" },
  ".cm-gutters": { background: "var(--side)", color: "var(--dim)", borderRight: "1px solid var(--line)" },
  ".cm-content": { caretColor: "var(--text)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-activeLine": { background: "transparent" },
  ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": { background: "var(--here)" },
  ".cm-lintRange": { backgroundImage: "none", textDecoration: "underline 2px", textUnderlineOffset: "3px" },
  ".cm-lintRange-error": { textDecorationColor: "var(--error)" },
  ".cm-lintRange-warning": { textDecorationColor: "var(--warning)" },
  ".cm-lintRange-info": { textDecorationColor: "var(--note)" },
  ".cm-tooltip": { background: "var(--back)", color: "var(--text)", border: "1px solid var(--line)", borderRadius: "8px", maxWidth: "34rem", boxShadow: "0 6px 20px rgb(0 0 0 / .25)" },
  ".cm-diagnostic": { padding: ".375rem .625rem", borderLeftWidth: "3px", font: "13px/1.45 system-ui, sans-serif", overflowWrap: "anywhere" },
  ".cm-diagnostic-info": { borderLeftColor: "var(--note)" },
  ".cm-diagnosticAction": { background: "var(--side)", color: "var(--text)", border: "1px solid var(--line)", borderRadius: "5px", font: "inherit", margin: ".25rem .25rem 0 0", cursor: "pointer" },
  ".cm-panels": { background: "var(--side)", color: "var(--text)" },
});

// In a shadow root the editor's styles are sheets of its own, so the policy need not allow inline ones.
const root = one("editor").attachShadow({ mode: "open" });
const holder = document.createElement("div");
const sheet = new CSSStyleSheet();
sheet.replaceSync(":host { display: block } div.holder { height: 100% }");
root.adoptedStyleSheets = [sheet];
holder.className = "holder";
root.append(holder);
const view = new EditorView({
  root,
  parent: holder,
  state: EditorState.create({
    extensions: [
      lineNumbers(), history(), drawSelection(), highlightActiveLine(), bracketMatching(), search({ top: true }), lintGutter(),
      indentUnit.of("  "), EditorView.lineWrapping, language.of(json()), look,
      syntaxHighlighting(colors), syntaxHighlighting(defaultHighlightStyle, { fallback: true }),
      keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, indentWithTab]),
      EditorView.contentAttributes.of({ "aria-label": "Request", spellcheck: "false", autocorrect: "off", autocapitalize: "off" }),
      EditorView.updateListener.of((update) => { if (update.docChanged) changed(); }),
    ],
  }),
});

function element(name, text = "", css = "") {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (css) made.className = css;
  return made;
}

function changed() {
  typed = performance.now();
  clearTimeout(timer);
  timer = setTimeout(ask, wait);
}

function ask() {
  if (!ready) return;
  if (busy) { again = true; return; }
  busy = true;
  worker.postMessage({
    id: ++asked, kind: tab === "compat" ? "compat" : "judge", text: view.state.doc.toString(), name: one("form").value,
    profile: one("profile").value,
  });
}

worker.onmessage = ({ data }) => {
  if (data.state === "python") one("status").textContent = "Loading the rules…";
  else if (data.state === "failed") fail(data.error);
  else if (data.state === "ready") {
    Object.assign(document.body.dataset, { python: Math.round(data.python), rules: Math.round(data.rules) });
    fillProfiles(data.choices);
    ready = true;
    start();
  } else answered(data);
};
worker.onerror = (event) => fail(event.message || "the worker could not be started");

function fail(error) {
  one("status").textContent = "It could not be loaded: " + error;
  one("status").className = "failed";
}

function answered(data) {
  busy = false;
  if (data.error) fail(data.error);
  else if (data.kind === "compat") showTable(data.answer);
  else showFindings(data.answer);
  const since = typed ? performance.now() - typed : performance.now() - began;
  one("timing").textContent = (typed ? "Answered " : "First answer after ") + Math.round(since) + " ms" +
    (typed ? " after the last key, of which judging took " + Math.round(data.took) + " ms." : ".");
  document.body.dataset.answers = String(data.id);
  document.body.dataset.took = String(Math.round(data.took));
  document.body.dataset.since = String(Math.round(since));
  if (again) { again = false; ask(); }
}

// Lines and columns count from 1, columns in UTF-16 code units, as the editor counts.
function offsets(place) {
  if (!place) return { from: 0, to: 0 };
  const doc = view.state.doc;
  const at = (line, column) => {
    const found = doc.line(Math.min(Math.max(line, 1), doc.lines));
    return Math.min(found.from + column - 1, found.to);
  };
  return { from: at(place[0], place[1]), to: at(place[2], place[3]) };
}

function apply(wanted) {
  const changes = wanted.map((edit) => ({ ...offsets(edit.place), insert: edit.text }));
  view.dispatch({ changes, userEvent: "input.fix" });
  view.focus();
}

function showFindings({ findings, left, summary }) {
  fixes = findings.filter((finding) => finding.fix);
  const list = one("findings");
  list.replaceChildren(...findings.map(article));
  if (left) list.append(element("p", "and " + left + " more"));
  const judged = summary.judged.map((each) => each.profile + (each.why ? " (" + each.why + ")" : "")).join(", ");
  const count = findings.length + left;
  const what = summary.requests || !summary.tools ? plural(summary.requests, "request") : plural(summary.tools, "tool");
  one("status").className = "";
  one("status").textContent = summary.requests || summary.tools
    ? plural(count, "finding") + " in " + what + (judged ? ", by " + judged : "")
    : count ? plural(count, "finding") : "No request here" + (summary.skipped[0] ? ": " + summary.skipped[0] : "");
  one("fix").disabled = !fixes.some((finding) => finding.fix.safe);
  view.dispatch(setDiagnostics(view.state, findings.map((finding) => ({
    ...offsets(finding.place),
    severity: finding.severity === "note" ? "info" : finding.severity,
    source: finding.rule,
    message: finding.message,
    renderMessage: () => hover(finding),
    actions: finding.fix ? [{ name: finding.fix.title, apply: () => apply(finding.fix.edits) }] : [],
  }))));
}

function plural(number, noun) {
  return number + " " + noun + (number === 1 ? "" : "s");
}

function hover(finding) {
  const box = element("div");
  box.append(element("strong", finding.message));
  for (const [label, text] of finding.remarks) box.append(element("div", label + ": " + text));
  if (finding.why) box.append(element("div", finding.why));
  return box;
}

function article(finding) {
  const box = element("article", "", finding.severity);
  const { from, to } = offsets(finding.place);
  box.append(element("h2", finding.message));
  const where = element("p");
  const link = element("a", finding.rule);
  link.href = "../rules/" + finding.rule + ".html";
  const line = finding.place ? "line " + finding.place[0] : "";
  where.append(finding.severity + " ", link, " " + [line, finding.pointer].filter(Boolean).join(" · "));
  box.append(where);
  for (const [label, text] of finding.remarks) box.append(element("p", label + ": " + text));
  if (finding.fix) {
    const button = element("button", finding.fix.title);
    button.type = "button";
    button.addEventListener("click", (event) => { event.stopPropagation(); apply(finding.fix.edits); });
    box.append(button);
  }
  box.addEventListener("click", (event) => {
    if (event.target.closest("a")) return;
    view.dispatch({ selection: { anchor: from, head: to }, scrollIntoView: true });
    view.focus();
  });
  return box;
}

// What an API does with a tool, in words.
const verdicts = { taken: "takes it", changed: "changes it", refused: "refuses it" };

function showTable({ profiles, tools, findings, unreadable }) {
  const box = one("compat");
  box.replaceChildren();
  one("status").className = "";
  one("fix").disabled = true;
  one("status").textContent = tools.length
    ? plural(tools.length, tools.every((each) => each.kind === "tool") ? "tool" : "row") + " held against " + plural(profiles.length, "API")
    : unreadable[0] ? "It could not be read: " + unreadable[0].reason
    : "No tools here: paste a list of tools in the form of MCP, OpenAI, Anthropic, Gemini or Bedrock, or a request with tools.";
  if (tools.length) box.append(tableOf(profiles, tools));
  box.append(...findings.map(sharedFinding));
}

function tableOf(profiles, tools) {
  const wide = element("div", "", "wide");
  const table = element("table");
  const head = element("tr");
  head.append(element("th", "API"), ...tools.map((tool) => element("th", tool.name ?? "(" + tool.kind + ")")));
  table.append(head);
  for (const profile of profiles) {
    const row = element("tr");
    row.append(element("td", profile));
    for (const tool of tools) {
      const verdict = tool.verdicts[profile];
      const cell = verdict ? element("td", verdicts[verdict.verdict], verdict.verdict) : element("td", "–");
      if (verdict) cell.title = verdict.rules.join(", ");
      if (verdict && !verdict.certain) cell.append(" (probably)");
      row.append(cell);
    }
    table.append(row);
  }
  wide.append(table);
  return wide;
}

function sharedFinding(finding) {
  const box = element("article", "", finding.severity);
  box.append(element("h2", finding.message));
  const line = finding.line ? "line " + finding.line : "";
  box.append(element("p", [finding.rule, line, finding.profiles.join(", ")].filter(Boolean).join(" · ")));
  if (finding.help) box.append(element("p", "help: " + finding.help));
  return box;
}

function fillProfiles({ profiles, version }) {
  const select = one("profile");
  const wanted = select.dataset.wanted ?? "auto";
  select.replaceChildren(new Option("auto: by the request", "auto"), ...profiles.map((each) => new Option(each.name, each.name)));
  select.value = wanted;
  if (!select.value) select.value = "auto";
  document.title = "Playground · reqlint " + version;
}

function setForm(name) {
  one("form").value = name;
  view.dispatch({ effects: language.reconfigure(name.endsWith(".yaml") ? yaml() : json()) });
}

function setText(text) {
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
}

function choose(name) {
  const example = examples[name];
  setForm(example.form);
  one("profile").dataset.wanted = example.profile;
  if (ready) one("profile").value = example.profile;
  turnTo(example.tab ?? "findings");
  setText(example.text);
}

function turnTo(name) {
  tab = name;
  for (const each of ["findings", "compat"]) {
    one(each).hidden = each !== name;
    one("tab-" + each).setAttribute("aria-selected", String(each === name));
  }
  if (name === "compat") view.dispatch(setDiagnostics(view.state, []));
}

// Of fixes that overlap the first is made; what is left shows when the text is judged again.
one("fix").addEventListener("click", () => {
  let end = -1;
  const edits = [];
  const sorted = fixes.filter((finding) => finding.fix.safe).map((finding) => ({
    edits: finding.fix.edits, from: Math.min(...finding.fix.edits.map((edit) => offsets(edit.place).from)),
    to: Math.max(...finding.fix.edits.map((edit) => offsets(edit.place).to)),
  })).sort((a, b) => a.from - b.from);
  for (const each of sorted) if (each.from > end) { edits.push(...each.edits); end = each.to; }
  apply(edits);
});
one("share").addEventListener("click", async () => {
  const state = { t: view.state.doc.toString(), f: one("form").value, p: one("profile").value, c: tab === "compat" };
  remember(await packed(state));
  const button = one("share");
  try { await navigator.clipboard.writeText(location.href); button.textContent = "Copied"; } catch { button.textContent = "In the address"; }
  setTimeout(() => { button.textContent = "Share"; }, 2000);
});
function remember(fragment) {
  window.history.replaceState(null, "", "#" + fragment);
}
for (const id of ["tab-findings", "tab-compat"]) {
  one(id).addEventListener("click", () => { turnTo(id.slice(4)); changed(); });
}
one("profile").addEventListener("change", changed);
one("form").addEventListener("change", () => { setForm(one("form").value); changed(); });
one("example").addEventListener("change", () => choose(one("example").value));
one("example").append(...Object.keys(examples).map((name) => new Option(name, name)));

const shared = await unpacked(location.hash.slice(1));
if (shared) {
  setForm(shared.f);
  one("profile").dataset.wanted = shared.p;
  turnTo(shared.c ? "compat" : "findings");
  setText(shared.t);
} else choose(Object.keys(examples)[0]);

function start() {
  clearTimeout(timer);
  typed = 0;
  ask();
}
