import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startFeed } from '../feed.js';
import '../styles/base.css';
import '../styles/words.css';
import '../styles/board.css';
import '../styles/map.css';
import '../styles/print.css';
import { Languages } from '../words/language.js';
import { BoardPage } from './BoardPage.js';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');
const feed = startFeed();
createRoot(root).render(
  <StrictMode>
    <Languages title="title.board">
      <BoardPage feed={feed} />
    </Languages>
  </StrictMode>,
);
