// A React app of the scenario's kind: a hook that counts each page of its router.

import { StrictMode, useState } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { Pixel, useTracking } from '../../../clients/react/src/index.ts';

const { endpoint } = document.getElementById('app').dataset;

function App() {
  const [page, setPage] = useState('/talks');
  const track = useTracking({ endpoint, site: 'hook.example', page });
  return (
    <>
      <h1>{page}</h1>
      <button onClick={() => setPage('/about')}>About</button>
      <button onClick={() => ['/rust', '/talks'].forEach((next) => flushSync(() => setPage(next)))}>Back twice</button>
      <button onClick={() => track('signup', { plan: 'pro' })}>Sign up</button>
      <Pixel endpoint={endpoint} site="component.example" page={page} />
    </>
  );
}

createRoot(document.getElementById('app')).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
