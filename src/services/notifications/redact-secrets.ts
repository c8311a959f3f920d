const SHORTEST_SECRET = 4;

/** The text without the secrets, in whatever form HTTP or SMTP would show them: as they are, URL-encoded, or in base64. */
export function redactSecrets(text: string, secrets: readonly string[]): string {
  let redacted = text;
  for (const secret of secrets.toSorted((one, other) => other.length - one.length)) {
    if (secret.length < SHORTEST_SECRET) continue;
    for (const form of formsOf(secret)) redacted = redacted.replaceAll(form, '[secret]');
  }
  return redacted;
}

function formsOf(secret: string): ReadonlySet<string> {
  const base64 = Buffer.from(secret).toString('base64');
  return new Set([secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), base64, base64.replace(/=+$/, '')]);
}
