// Starts the page: the live dashboard, or an exported report.

import { render } from 'preact';
import { shareToken } from './url_state';
import { embeddedReport } from './report';
import { createApi } from './api';
import './styles/all.css';
import { Login } from './ui/login';
import { ReportApp } from './ui/report_app';
import { applyTheme, storedTheme } from './ui/theme';

applyTheme(storedTheme());

const root = document.getElementById('dashboard')!;
root.textContent = '';

const report = embeddedReport();
if (report === null) {
  const token = shareToken(location.hash);
  const base = location.href.replace(/[?#].*$/, '');
  render(<Login api={createApi(base, token)} is_shared={token !== null} />, root);
  // Another share link was pasted over this one: its token grants different access.
  addEventListener('hashchange', () => {
    if (shareToken(location.hash) !== token) location.reload();
  });
} else {
  render(<ReportApp report={report} />, root);
}
