/** More are not asked about by those who mean it. */
const MOST_TEXTS = 256;
const LONGEST_TEXT = 128;

/** Remembers what a function without effects says of a text. */
export function rememberedAnswers<Answer>(answer: (text: string) => Answer): (text: string) => Answer {
  const known = new Map<string, Answer>();
  return (text) => {
    let value = known.get(text);
    if (value === undefined) {
      value = answer(text);
      if (text.length > LONGEST_TEXT) return value;
      if (known.size >= MOST_TEXTS) known.clear();
      known.set(text, value);
    }
    return value;
  };
}
