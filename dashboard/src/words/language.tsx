import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { IntlProvider } from 'react-intl';
import english from '../../messages/en.json';
import arabic from '../../messages/ar.json';

export const LANGUAGES = { en: 'English', ar: 'العربية' } as const;
export type Language = keyof typeof LANGUAGES;

/** A sentence that has not been translated yet is given in English rather than not at all. */
const MESSAGES: Readonly<Record<Language, Readonly<Record<string, string>>>> = { en: english, ar: { ...english, ...arabic } };
/** Day before month, as the radio says it. */
const LOCALE: Readonly<Record<Language, string>> = { en: 'en-GB', ar: 'ar' };
const DIRECTION: Readonly<Record<Language, 'ltr' | 'rtl'>> = { en: 'ltr', ar: 'rtl' };
const REMEMBERED = 'safe-passage.language';

function rememberedLanguage(): Language {
  const wanted = new URLSearchParams(location.search).get('lang') ?? localStorage.getItem(REMEMBERED) ?? navigator.language.slice(0, 2);
  return wanted === 'ar' ? 'ar' : 'en';
}

/** Gives everything below it a language, and the page its direction. */
export function Languages({ children }: { readonly children: (language: Language, choose: (language: Language) => void) => ReactNode }) {
  const [language, setLanguage] = useState(rememberedLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.dir = DIRECTION[language];
    localStorage.setItem(REMEMBERED, language);
  }, [language]);
  const messages = useMemo(() => ({ ...MESSAGES[language] }), [language]);
  return (
    <IntlProvider locale={LOCALE[language]} messages={messages} defaultLocale="en">
      {children(language, setLanguage)}
    </IntlProvider>
  );
}
