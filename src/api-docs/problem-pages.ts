import { PROBLEMS, type ProblemCode } from '../domain/problem.js';
import { escapeHtml, htmlPage, toHtml } from './html.js';

const CODES = Object.keys(PROBLEMS).sort() as readonly ProblemCode[];

/** Every refusal of the catalogue, in the order of its code. */
export function problemsPage(): string {
  const rows = CODES.map((code) => {
    const { status, title } = PROBLEMS[code];
    return `<tr><td><a href="/problems/${code}"><code>${code}</code></a></td><td>${String(status)}</td><td>${escapeHtml(title)}</td></tr>`;
  });
  return htmlPage(
    'Problems',
    `<main><h1>Problems</h1>
<p>How this server refuses. Each answer is an RFC 9457 problem; its <code>code</code> keeps its meaning.</p>
<table><thead><tr><th>Code</th><th>Status</th><th>Meaning</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table></main>`,
  );
}

/** What one refusal means, and what to do now. */
export function problemPage(code: ProblemCode): string {
  const { status, title, advice } = PROBLEMS[code];
  return htmlPage(
    title,
    `<main><p><code>${code}</code> · HTTP ${String(status)}</p><h1>${escapeHtml(title)}</h1>${toHtml(advice)}<p><a href="/problems">All problems</a></p></main>`,
  );
}
