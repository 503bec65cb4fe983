// One view per page load: <script async src="https://HOST/beacon.js" data-site="blog.example"></script>
// Paths of your own: data-track="/t" and data-pixel="/i.gif", relative to this script.
(function () {
  try {
    var script = document.currentScript || document.querySelector('script[src*="beacon.js"]');
    var data = (script && script.dataset) || {};
    var at = function (path) { return new URL(path, (script && script.src) || location.href).href; };
    var canonical = document.querySelector('link[rel="canonical"]');
    var view = {
      // Makes a view that two transports deliver count once.
      id: Date.now().toString(36) + Math.random().toString(36).slice(2),
      site: data.site || location.hostname,
      url: (canonical && canonical.href) || location.href,
      title: document.title,
      ref: document.referrer
    };
    // The canonical URL has no campaign; the address bar may.
    location.search.replace(/[?&](utm_(?:source|medium|campaign|term|content))=([^&]*)/g, function (_, name, value) {
      try { view[name] = decodeURIComponent(value.replace(/\+/g, ' ')); } catch (error) { /* not UTF-8 */ }
    });
    var body = JSON.stringify(view);
    var pixel = function () {
      var query = Object.keys(view).map(function (name) {
        return name + '=' + encodeURIComponent(view[name]);
      });
      new Image().src = at(data.pixel || 'pixel.gif') + '?' + query.join('&');
    };
    // text/plain needs no preflight.
    if (navigator.sendBeacon && navigator.sendBeacon(at(data.track || 'track'), body)) return;
    if (window.fetch) {
      fetch(at(data.track || 'track'), { method: 'POST', body: body, keepalive: true }).catch(pixel);
    } else {
      pixel();
    }
  } catch (error) { /* A page must not break because it is counted. */ }
})();
