import { FormattedMessage } from 'react-intl';

/** The pages that somebody may be sent back to after signing in. */
export const PAGES: readonly string[] = ['/', '/field'];

/** The session has ended: to the sign-in page, and back to this one. */
export function SignedOut() {
  return (
    <p className="banner" role="alert">
      <strong>
        <FormattedMessage id="signedOut.title" />
      </strong>{' '}
      <a href={`/sign-in?back=${encodeURIComponent(location.pathname)}`}>
        <FormattedMessage id="signedOut.link" />
      </a>
    </p>
  );
}
