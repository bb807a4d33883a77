import { createContext, use, useEffect, useMemo, useState, type ReactNode } from 'react';
import { FormattedMessage, IntlProvider, useIntl } from 'react-intl';
import english from '../../messages/en.json';
import arabic from '../../messages/ar.json';
import { recall, remember } from '../remembered.js';
import { isRightToLeft } from './direction.js';

const LANGUAGES = { en: 'English', ar: 'العربية' } as const;
type Language = keyof typeof LANGUAGES;

const MESSAGES: Readonly<Record<Language, Readonly<Record<string, string>>>> = { en: english, ar: arabic };
/** Day before month and Latin digits, as the radio says them. */
const LOCALE: Readonly<Record<Language, string>> = { en: 'en-GB', ar: 'ar-u-nu-latn' };

function rememberedLanguage(): Language {
  const wanted = new URLSearchParams(location.search).get('lang') ?? recall('language') ?? navigator.language.slice(0, 2);
  return wanted in LANGUAGES ? (wanted as Language) : 'en';
}

const Choice = createContext<readonly [Language, (language: Language) => void]>(['en', () => undefined]);

interface Props {
  /** The message of the page's title. */
  readonly title: string;
  readonly children: ReactNode;
}

/** Gives everything below it a language, and the page its direction and its title. */
export function Languages({ title, children }: Props) {
  const [language, setLanguage] = useState(rememberedLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.dir = isRightToLeft(language) ? 'rtl' : 'ltr';
    remember('language', language);
  }, [language]);
  const choice = useMemo(() => [language, setLanguage] as const, [language]);
  const messages = useMemo(() => ({ ...MESSAGES[language] }), [language]);
  return (
    <IntlProvider locale={LOCALE[language]} messages={messages} defaultLocale="en">
      <Title message={title} />
      <Choice value={choice}>{children}</Choice>
    </IntlProvider>
  );
}

function Title({ message }: { readonly message: string }) {
  const intl = useIntl();
  useEffect(() => {
    document.title = intl.formatMessage({ id: message });
  }, [intl, message]);
  return null;
}

export function LanguageChoice() {
  const [language, choose] = use(Choice);
  return (
    <label className="language">
      <span className="hidden">
        <FormattedMessage id="header.language" />
      </span>
      <select
        value={language}
        onChange={(event) => {
          choose(event.target.value as Language);
        }}
      >
        {Object.entries(LANGUAGES).map(([code, name]) => (
          <option key={code} value={code} lang={code}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
