// Single-page navigation in a few lines: fetches the next page and replaces this one with it. This code doesn't know the
// beacon, which notices that the URL changes.
(function () {
  'use strict';

  function show(url) {
    return fetch(url)
      .then(function (response) { return response.text(); })
      .then(function (html) {
        var next = new DOMParser().parseFromString(html, 'text/html');
        ['nav', 'main'].forEach(function (part) {
          document.querySelector(part).replaceWith(next.querySelector(part));
        });
        document.title = next.title;
        document.querySelector('main').focus();
      })
      .catch(function () { location.reload(); });
  }

  document.addEventListener('click', function (event) {
    var link = event.target.closest('nav a');
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (link.href === location.href) return;
    history.pushState(null, '', link.href);
    show(link.href);
  });
  addEventListener('popstate', function () { show(location.href); });
})();
