// Starts the page: from the API, or from the report that it was made with.

import { render } from 'preact';
import { shareToken } from './address';
import { embeddedReport } from './answers';
import { createApi } from './api';
import './styles/all.css';
import { Gate } from './ui/gate';
import { ReportApp } from './ui/report';
import { applyTheme, storedTheme } from './ui/theme';

applyTheme(storedTheme());

const root = document.getElementById('dashboard')!;
root.textContent = '';

const report = embeddedReport();
if (report === null) {
  const token = shareToken(location.hash);
  const base = location.href.replace(/[?#].*$/, '');
  render(<Gate api={createApi(base, token)} shared={token !== null} />, root);
  // Another link pasted over this one: its token is another right to look.
  addEventListener('hashchange', () => {
    if (shareToken(location.hash) !== token) location.reload();
  });
} else {
  render(<ReportApp report={report} />, root);
}
