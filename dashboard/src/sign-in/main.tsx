import { StrictMode, useState, type SubmitEvent } from 'react';
import { createRoot } from 'react-dom/client';
import { FormattedMessage, useIntl } from 'react-intl';
import { ClientProblem, rest, type Me } from '../../../client/rest.js';
import '../styles/base.css';
import '../styles/sign-in.css';
import { Languages } from '../words/language.js';

const api = rest();

/** The code of a sign-in link. It leaves the address bar at once, and is used only when somebody presses the button: previews don't burn it. */
function takeCode(): string | null {
  const code = new URLSearchParams(location.hash.slice(1)).get('code');
  if (code !== null) history.replaceState(null, '', location.pathname);
  return code;
}

function isOfTheField(me: Me): boolean {
  return me.person.role === 'field_lead' || me.person.role === 'field_member';
}

function SignIn({ code }: { readonly code: string | null }) {
  const intl = useIntl();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const [refusal, setRefusal] = useState<{ readonly title: string; readonly advice: string } | null>(null);

  const enter = (attempt: Promise<Me>): void => {
    setIsBusy(true);
    setRefusal(null);
    attempt.then(
      (me) => {
        location.assign(isOfTheField(me) ? '/field' : '/');
      },
      (error: unknown) => {
        setIsBusy(false);
        setRefusal(
          error instanceof ClientProblem
            ? error
            : { title: intl.formatMessage({ id: 'action.failed' }), advice: intl.formatMessage({ id: 'action.failedAdvice' }) },
        );
      },
    );
  };
  const withPassword = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    enter(api.signIn(name, password));
  };

  return (
    <main className="sign-in">
      <h1>
        <FormattedMessage id="app.name" />
      </h1>
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
        <label className="field-label">
          <FormattedMessage id="signIn.name" />
          <input
            autoComplete="username"
            required
            value={name}
            onChange={(event) => {
              setName(event.target.value);
            }}
          />
        </label>
        <label className="field-label">
          <FormattedMessage id="signIn.password" />
          <input
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => {
              setPassword(event.target.value);
            }}
          />
        </label>
        <button type="submit" className={code === null ? 'button button-strong' : 'button'} disabled={isBusy}>
          <FormattedMessage id="signIn.button" />
        </button>
      </form>
    </main>
  );
}

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');
const code = takeCode();
createRoot(root).render(
  <StrictMode>
    <Languages>{() => <SignIn code={code} />}</Languages>
  </StrictMode>,
);
