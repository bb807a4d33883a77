/** Text for the inside of an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${String(character.codePointAt(0))};`);
}

/** The little Markdown that our descriptions use: paragraphs, `code`, **bold**. */
export function toHtml(markdown: string): string {
  if (markdown.trim() === '') return '';
  return escapeHtml(markdown.trim())
    .split(/\n\s*\n/)
    .map((paragraph) => `<p>${paragraph.replace(/`([^`]+)`/g, '<code>$1</code>').replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')}</p>`)
    .join('\n');
}

/** A whole page in the one style, without any script. */
export function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · Safe Passage</title>
<link rel="stylesheet" href="/docs/style.css">
</head>
<body>
<header><a href="/docs">Safe Passage API</a> <a href="/problems">Problems</a> <a href="/v1/openapi.json">openapi.json</a>
<span>A status board: not a guarantee and not a permission.</span></header>
${body}
</body>
</html>
`;
}
