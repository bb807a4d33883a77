/** The look of the pages for programmers: readable without anything else, in both light and dark. */
export const STYLE = `:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); }
html { background: Canvas; color: CanvasText; }
body { margin: 0; font: 16px/1.55 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: 1.25rem; padding: .75rem 1.5rem; border-bottom: 1px solid var(--line); }
header span { margin-inline-start: auto; opacity: .75; }
.columns { display: grid; grid-template-columns: minmax(13rem, 18rem) minmax(0, 1fr); }
nav { position: sticky; inset-block-start: 0; max-block-size: 100vh; overflow: auto; padding: 1rem 1.5rem; box-sizing: border-box; font-size: .875rem; }
nav h2 { font-size: .875rem; margin: 1rem 0 .25rem; }
nav ul { list-style: none; margin: 0; padding: 0; }
main { padding: 1rem 1.5rem 4rem; max-inline-size: 60rem; }
section { border-top: 1px solid var(--line); padding-block: 1rem; }
h3 { display: flex; flex-wrap: wrap; gap: .75rem; align-items: baseline; font-size: 1rem; }
code { font: .9em/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
.method { font-weight: 700; min-inline-size: 3.5rem; }
table { border-collapse: collapse; inline-size: 100%; font-size: .9375rem; }
th, td { text-align: start; vertical-align: top; padding: .35rem .75rem .35rem 0; border-top: 1px solid var(--line); }
td p { margin: 0; }
td:first-child:has(code) { min-inline-size: 8.5rem; }
details > summary { cursor: pointer; }
@media (max-width: 50rem) { .columns { display: block; } nav { position: static; max-block-size: none; } }
`;
