// The bundle of the SQL page: its editor is larger than the dashboard, so it is loaded only where somebody opens it.

import { render } from 'preact';
import './styles/sql.css';
import { SqlPageBody, type SqlPageProps } from './ui/sql_page_body';

/** Draws the page into an element. Returns the function that removes it and cancels what it runs. */
export function mountSqlPage(root: HTMLElement, props: SqlPageProps): () => void {
  render(<SqlPageBody {...props} />, root);
  return () => render(null, root);
}
