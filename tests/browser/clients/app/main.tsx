// An app as people write them: StrictMode, a router of its own, and both pieces of the package at work.

import { StrictMode, useEffect, useState, version } from 'react';
import { createRoot } from 'react-dom/client';
import { Pixel, useTracking } from 'beacon-react';

const endpoint = new URLSearchParams(location.search).get('endpoint')!;
const site = new URLSearchParams(location.search).get('site')!;

function usePath(): [string, (path: string) => void] {
  const [path, setPath] = useState(location.pathname);
  useEffect(() => {
    const back = () => setPath(location.pathname);
    addEventListener('popstate', back);
    return () => removeEventListener('popstate', back);
  }, []);
  const go = (to: string) => {
    history.pushState(null, '', to);
    setPath(to);
  };
  return [path, go];
}

function App() {
  const [path, go] = usePath();
  useEffect(() => {
    document.title = `Page ${path}`;
  }, [path]);
  // Behind what sets the title, which is then the new one.
  const track = useTracking({ endpoint, site });
  return (
    <>
      <h1>{path}</h1>
      <p id="version">{version}</p>
      <button onClick={() => go('/talks')}>talks</button>
      <button onClick={() => go('/about')}>about</button>
      <button onClick={() => track('signup', { plan: 'pro' })}>sign up</button>
      <Pixel endpoint={endpoint} site={`pixel.${site}`} page={path} />
    </>
  );
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
