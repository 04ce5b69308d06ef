/** One of GitHub Actions' workflow commands, which show as annotations on the changed lines. */
export function gitHubCommand(
  command: 'error' | 'warning' | 'notice',
  text: string,
  properties: Readonly<Record<string, string | number>>,
): string {
  const told = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  return `::${command} ${told.join(',')}::${escapeData(text)}\n`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
