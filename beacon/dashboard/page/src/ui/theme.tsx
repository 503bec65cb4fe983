// Dark or light: as the system says, or as the reader chose.

import { useState } from 'preact/hooks';

const THEMES = ['auto', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

const NAMES: Record<Theme, string> = { auto: 'Auto', light: 'Light', dark: 'Dark' };
const KEY = 'beacon-theme';

export function storedTheme(): Theme {
  try {
    const stored = localStorage.getItem(KEY);
    return THEMES.find((theme) => theme === stored) ?? 'auto';
  } catch {
    // Storage is off: the choice lasts as long as the page.
    return 'auto';
  }
}

export function applyTheme(theme: Theme): void {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>(storedTheme);
  function choose(chosen: Theme) {
    setTheme(chosen);
    applyTheme(chosen);
    try {
      localStorage.setItem(KEY, chosen);
    } catch {
      // As above.
    }
  }
  return (
    <label class="compact-field">
      <span class="visually-hidden">Colours</span>
      <select value={theme} onChange={(event) => choose(event.currentTarget.value as Theme)}>
        {THEMES.map((name) => (
          <option key={name} value={name}>
            {NAMES[name]}
          </option>
        ))}
      </select>
    </label>
  );
}
