/** The records of a CSV text (RFC 4180), cells as text. @throws when it is none */
export function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"') {
      for (at++; ; at++) {
        if (at >= text.length) throw new Error('expected the end of a quoted cell, got the end of the text');
        if (text[at] !== '"') cell += text[at];
        else if (text[at + 1] === '"') cell += text[at++];
        else break;
      }
      at++;
    } else {
      while (at < text.length && text[at] !== ',' && text[at] !== '\r') {
        if (text[at] === '"' || text[at] === '\n')
          throw new Error(`expected a quoted cell, got ${JSON.stringify(text.slice(at - 20, at + 20))}`);
        cell += text[at++];
      }
    }
    record.push(cell);
    if (text[at] === ',') {
      at++;
      continue;
    }
    if (text.slice(at, at + 2) !== '\r\n') throw new Error(`expected the end of a record, got ${JSON.stringify(text.slice(at, at + 20))}`);
    at += 2;
    records.push(record);
    record = [];
  }
  return records;
}
