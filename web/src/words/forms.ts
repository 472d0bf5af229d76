/** The browser's own forms of numbers, times and plurals. Making one takes far longer than using
 * it, and a list uses hundreds: each is made once. */
const made = new Map<string, unknown>();

function once<Form>(key: string, make: () => Form): Form {
  const known = made.get(key);
  if (known) return known as Form;
  const form = make();
  made.set(key, form);
  return form;
}

export function numbers(language: string, options: Intl.NumberFormatOptions = {}) {
  const key = `number ${language} ${JSON.stringify(options)}`;
  return once(key, () => new Intl.NumberFormat(language, options));
}

export function times(language: string, options: Intl.DateTimeFormatOptions = {}) {
  const key = `time ${language} ${JSON.stringify(options)}`;
  return once(key, () => new Intl.DateTimeFormat(language, options));
}

export function spans(language: string, options: Intl.RelativeTimeFormatOptions = {}) {
  const key = `span ${language} ${JSON.stringify(options)}`;
  return once(key, () => new Intl.RelativeTimeFormat(language, options));
}

export function plurals(language: string) {
  return once(`plural ${language}`, () => new Intl.PluralRules(language));
}
