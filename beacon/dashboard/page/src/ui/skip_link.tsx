// The first link of each page, for keyboards: it leads past the header.

export function SkipLink() {
  return (
    <a class="skip" href="#content" onClick={skip}>
      Skip to content
    </a>
  );
}

/** Avoids the URL's fragment, which may hold the token of a share link. */
function skip(event: MouseEvent): void {
  event.preventDefault();
  document.getElementById('content')!.focus();
}
