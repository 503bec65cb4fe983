// The colour theme: the system's, or the reader's choice.

import { useState } from 'preact/hooks';
import { remember, remembered } from '../stored';

const THEMES = ['auto', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

const LABELS: Record<Theme, string> = { auto: 'Auto', light: 'Light', dark: 'Dark' };

export function storedTheme(): Theme {
  const stored = remembered('theme');
  return THEMES.find((theme) => theme === stored) ?? 'auto';
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
    remember('theme', chosen);
  }
  return (
    <label class="menu-choice">
      <span>Colours</span>
      <select value={theme} onChange={(event) => choose(event.currentTarget.value as Theme)}>
        {THEMES.map((name) => (
          <option key={name} value={name}>
            {LABELS[name]}
          </option>
        ))}
      </select>
    </label>
  );
}
