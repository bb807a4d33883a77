import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startFeed } from '../feed.js';
import '../styles/base.css';
import '../styles/words.css';
import '../styles/field.css';
import { Languages } from '../words/language.js';
import { FieldPage } from './FieldPage.js';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');
const feed = startFeed();
createRoot(root).render(
  <StrictMode>
    <Languages title="title.field">
      <FieldPage feed={feed} />
    </Languages>
  </StrictMode>,
);
