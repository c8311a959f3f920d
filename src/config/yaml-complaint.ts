import type { ErrorCode } from 'yaml';

/** What the YAML library's error codes mean. Its own messages quote the file, which may hold secrets. */
const COMPLAINTS: Readonly<Partial<Record<ErrorCode, string>>> = {
  BAD_ALIAS: 'an alias (*name) or anchor (&name) is wrong',
  BAD_DIRECTIVE: 'a directive (%…) is wrong',
  BAD_DQ_ESCAPE: 'a backslash in a double-quoted text begins no known escape',
  BAD_INDENT: 'the indentation does not fit the lines above',
  BAD_SCALAR_START: 'a text begins with a character that needs quotes around it',
  BLOCK_AS_IMPLICIT_KEY: 'a nested mapping begins on the line of its key (is a quote or a line break missing?)',
  BLOCK_IN_FLOW: 'an indented block stands inside [ ] or { }',
  DUPLICATE_KEY: 'a key is given twice in one mapping',
  MISSING_CHAR: 'a character is missing (a closing quote or bracket, a colon, a comma or a space)',
  MULTILINE_IMPLICIT_KEY: 'a key goes over several lines (is a colon missing?)',
  MULTIPLE_DOCS: 'a second document begins; only one is read',
  NON_STRING_KEY: 'a key is not a text',
  TAB_AS_INDENT: 'a tab is used as indentation; YAML wants spaces',
  TAG_RESOLVE_FAILED: 'a tag (!name) is not known',
  UNEXPECTED_TOKEN: 'something stands where YAML allows nothing',
};

/** A YAML error in words of ours: never quotes the file. */
export function yamlComplaint(code: ErrorCode): string {
  return `expected YAML, but ${COMPLAINTS[code] ?? `it breaks a rule of YAML (${code})`}`;
}
