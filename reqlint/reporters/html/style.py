"""The style of the page, for light and dark screens, wide and narrow ones, and paper."""

from reqlint.display.shown import literal

STYLE = literal("""
*, *:before, *:after { box-sizing: border-box }
html { color-scheme: light dark; -webkit-text-size-adjust: 100%;
  --back: #fbfbfa; --card: #fff; --line: #dcdcd6; --text: #1d1f21; --dim: #5f6368; --link: #0b57a4;
  --error: #b3261e; --warning: #8a5300; --note: #0a6470; --code: #f4f4f1 }
@media (prefers-color-scheme: dark) { html {
  --back: #16181a; --card: #1e2124; --line: #383d42; --text: #e6e6e3; --dim: #a2a8ae; --link: #8ab8f0;
  --error: #ff8a80; --warning: #f2b84b; --note: #62cbd8; --code: #121416 } }
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif }
header, main, footer { max-width: 68rem; margin: 0 auto; padding: 0 1rem }
header { padding-top: 1.5rem }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem; overflow-wrap: anywhere }
h2 { font-size: 1.125rem; margin: 2.25rem 0 .75rem }
h3 { font-size: 1rem; margin: 0; overflow-wrap: anywhere }
p { margin: .25rem 0 } a { color: var(--link) }
.dim, .where, .axis, figcaption, footer, th { color: var(--dim); font-size: .875rem }
code, pre, .where, .name, .strip a, td a, figcaption { font-family: ui-monospace, monospace; font-size: .8125rem }
.tiles { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1rem 0; padding: 0; list-style: none }
.tiles li { flex: 1 1 5.5rem; background: var(--card); border: 1px solid var(--line); border-radius: 8px;
  padding: .5rem .75rem }
.tiles b { display: block; font-size: 1.5rem; line-height: 1.2; font-variant-numeric: tabular-nums }
.error { color: var(--error); fill: var(--error) } .warning { color: var(--warning); fill: var(--warning) }
.note { color: var(--note); fill: var(--note) }
.wide { overflow-x: auto } table { border-collapse: collapse; width: 100% }
th { text-align: left; font-weight: 400 }
th, td { padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: baseline }
td.num, th.num { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
td.name { overflow-wrap: anywhere; min-width: 9rem }
figure { margin: 0 0 1.5rem; padding: .75rem; background: var(--card); border: 1px solid var(--line);
  border-radius: 8px }
figcaption { margin-bottom: .5rem; overflow-wrap: anywhere }
.strip { display: grid; grid-template-columns: 15rem 4rem 1fr; align-items: center; gap: 0 .75rem;
  padding: .125rem 0 }
.strip a { overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.strip .count { text-align: right; font-size: .8125rem; font-variant-numeric: tabular-nums; color: var(--dim) }
.strip svg { display: block; width: 100%; height: 1.125rem; background: var(--code); border-radius: 3px }
.axis { display: flex; justify-content: space-between; padding-left: 20.5rem; margin-top: .25rem }
#bar { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: center;
  background: var(--back); border-bottom: 1px solid var(--line); padding: .625rem 0; margin-bottom: 1rem;
  font-size: .875rem }
#bar[hidden] { display: none }
#bar select, #bar button, #words { font: inherit; color: inherit; background: var(--card);
  border: 1px solid var(--line);
  border-radius: 6px; padding: .25rem .5rem; min-height: 2rem }
#bar select { max-width: 12rem } #words { flex: 1 1 8rem; min-width: 7rem } #bar label { white-space: nowrap }
#shown { color: var(--dim) }
section { margin: 0 0 2rem; scroll-margin-top: 6rem }
section > p { color: var(--dim); max-width: 50rem }
article { background: var(--card); border: 1px solid var(--line); border-left: 3px solid currentColor;
  border-radius: 8px;
  padding: .75rem; margin: .75rem 0; content-visibility: auto; contain-intrinsic-size: auto 10rem }
article > * { color: var(--text) } article .where { color: var(--dim) }
article h4 { margin: 0; font-size: .9375rem; font-weight: 600; overflow-wrap: anywhere }
.where { overflow-wrap: anywhere }
.chip { display: inline-block; font-size: .75rem; line-height: 1.4; border: 1px solid currentColor;
  border-radius: 999px;
  padding: 0 .5rem; margin-right: .25rem; vertical-align: 1px; font-weight: 500 }
pre { margin: .5rem 0; padding: .5rem .625rem; background: var(--code); border-radius: 6px; white-space: pre-wrap;
  overflow-wrap: anywhere; line-height: 1.6 }
pre .n { display: inline-block; min-width: 3.5ch; margin-right: 1.5ch; color: var(--dim); text-align: right;
  user-select: none }
mark { background: none; color: inherit; font-weight: 700; border-bottom: 2px solid var(--error) }
.warning mark { border-color: var(--warning) } .note mark { border-color: var(--note) }
mark.other { font-weight: 400; border-bottom: 2px dotted var(--dim) }
mark:empty { border-left: 2px solid var(--error) }
dl { display: grid; grid-template-columns: auto 1fr; gap: .125rem .75rem; margin: .25rem 0 0; font-size: .875rem }
dt { color: var(--dim) } dd { margin: 0; overflow-wrap: anywhere }
.covered li { overflow-wrap: anywhere } .covered { padding-left: 1.25rem; margin: 0; font-size: .875rem;
  color: var(--dim) }
.left { color: var(--dim); font-size: .875rem }
footer { padding-top: 1rem; padding-bottom: 2rem }
[hidden] { display: none }
@media (max-width: 40rem) {
  .strip { grid-template-columns: 1fr auto } .strip svg { grid-column: 1 / -1 } .axis { padding-left: 0 }
  .less { display: none } section { scroll-margin-top: 12rem } #bar { position: static }
  th, td { padding-right: .5rem } #bar select { flex: 1 1 8rem; max-width: none; min-width: 0 } }
@media print { #bar { display: none } article { break-inside: avoid; content-visibility: visible } }
""")
