export const REDACTED = '[redacted]';

/**
 * The part between `://` and `@`. The first form allows a raw slash behind a colon, because passwords are often pasted unescaped; it takes everything up
 * to the last @ of the word and so would rather hide too much. Lengths are bounded to keep a long hostile line cheap.
 */
const USER_INFORMATION = /:\/\/(?:[^\s"\\/]{0,256}:[^\s"\\]{0,1024}|[^\s"\\/]{0,1024})@/g;

const SECRET_PARAMETER = /([?&;][\w.-]*(?:password|passwd|secret|token|key|signature|credential)[\w.-]*=)[^\s&#"\\]*/gi;

/** Text in which every URL has lost its user name, password and parameters such as `?token=…`. Works on a single URL and on text around URLs. */
export function redactUrl(text: string): string {
  return text.replace(USER_INFORMATION, `://${REDACTED}@`).replace(SECRET_PARAMETER, `$1${REDACTED}`);
}
