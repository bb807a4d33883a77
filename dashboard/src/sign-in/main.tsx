import { StrictMode, useState, type SubmitEvent } from 'react';
import { createRoot } from 'react-dom/client';
import { FormattedMessage, useIntl, type IntlShape } from 'react-intl';
import { ClientProblem, rest, type Me } from '../../../client/rest.js';
import '../styles/base.css';
import '../styles/sign-in.css';
import type { Instant } from '../../../src/domain/instant.js';
import { LabelledInput } from '../LabelledInput.js';
import { PAGES } from '../signed-out.js';
import { LanguageChoice, Languages } from '../words/language.js';
import { NoticeBar } from '../words/NoticeBar.js';
import { refusalWords, type Refusal } from '../words/refusals.js';

const api = rest();

/** The code of a sign-in link. It leaves the address bar at once, and is used only when somebody presses the button: previews don't burn it. */
function takeCode(): string | null {
  const code = new URLSearchParams(location.hash.slice(1)).get('code');
  if (code !== null) history.replaceState(null, '', location.pathname + location.search);
  return code;
}

/** Back to where the session ended, else where the role works. */
function pageFor(me: Me): string {
  const back = new URLSearchParams(location.search).get('back');
  if (back !== null && PAGES.includes(back)) return back;
  return me.person.role === 'field_lead' || me.person.role === 'field_member' ? '/field' : '/';
}

function SignIn({ code }: { readonly code: string | null }) {
  const intl = useIntl();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const refusal = error === null ? null : refusalOf(intl, error);

  const enter = (attempt: Promise<Me>): void => {
    setIsBusy(true);
    setError(null);
    attempt.then(
      (me) => {
        location.assign(pageFor(me));
      },
      (failure: unknown) => {
        setIsBusy(false);
        setError(failure);
      },
    );
  };
  const withPassword = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    enter(api.signIn(name, password));
  };

  return (
    <>
      <NoticeBar notice={null} />
      <main className="sign-in">
        <div className="sign-in-head">
          <h1>
            <FormattedMessage id="app.name" />
          </h1>
          <LanguageChoice />
        </div>
        <p className="sign-in-tagline">
          <FormattedMessage id="app.tagline" />
        </p>
        {refusal !== null && (
          <div className="notice notice-refused" role="alert">
            <p className="notice-title">{refusal.title}</p>
            <p className="notice-text">{refusal.advice}</p>
          </div>
        )}
        {code !== null && (
          <section className="sign-in-card">
            <p>
              <FormattedMessage id="signIn.codeText" />
            </p>
            <button
              type="button"
              className="button button-strong"
              disabled={isBusy}
              onClick={() => {
                enter(api.signInWithCode(code));
              }}
            >
              <FormattedMessage id={isBusy ? 'signIn.busy' : 'signIn.codeButton'} />
            </button>
          </section>
        )}
        <form className="sign-in-card" onSubmit={withPassword}>
          <LabelledInput label="signIn.name" autoComplete="username" required value={name} onChange={setName} />
          <LabelledInput
            label="signIn.password"
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={setPassword}
          />
          <button type="submit" className={code === null ? 'button button-strong' : 'button'} disabled={isBusy}>
            <FormattedMessage id="signIn.button" />
          </button>
          <p className="beneath">
            <FormattedMessage id="signIn.noPassword" />
          </p>
        </form>
      </main>
    </>
  );
}

/** No refusal of a sign-in tells a time. */
const NO_TIME = { now: '1970-01-01T00:00:00.000Z' as Instant, zone: 'UTC' };

function refusalOf(intl: IntlShape, error: unknown): Refusal {
  if (error instanceof ClientProblem) return refusalWords({ intl, ...NO_TIME }, error);
  return { title: intl.formatMessage({ id: 'action.failed' }), advice: intl.formatMessage({ id: 'signIn.failedAdvice' }) };
}

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');
const code = takeCode();
createRoot(root).render(
  <StrictMode>
    <Languages title="title.signIn">
      <SignIn code={code} />
    </Languages>
  </StrictMode>,
);
