// Counts one view per page load: <script async src="https://HOST/beacon.js" data-site="blog.example"></script>
// Where paths are aliased: data-track="t" data-pixel="i.gif", relative to the script.
(function (window, document) {
  if (window.beaconViewed) return;
  window.beaconViewed = true;
  var script = document.currentScript || document.querySelector('script[src*="beacon.js"]') || {};

  function view() {
    try {
      var data = script.dataset || {};
      var canonical = document.querySelector('link[rel=canonical]');
      var hit = {
        // A repeat of it, by whatever retries a POST, counts once; in an image's URL it is the nonce.
        id: Date.now().toString(36) + Math.random().toString(36).slice(2),
        url: (canonical && canonical.href) || location.href,
        title: document.title,
        ref: document.referrer
      };
      if (data.site) hit.site = data.site;
      // The canonical URL names no campaign; the address bar may.
      location.search.replace(/[?&](utm_(?:source|medium|campaign|term|content))=([^&]*)/g, function (_, name, value) {
        try {
          hit[name] = hit[name] || decodeURIComponent(value.replace(/\+/g, ' '));
        } catch (notUtf8) {}
      });
      send(hit, at(data.track || 'track'), at(data.pixel || 'pixel.gif'));
    } catch (unknown) {
      // A page must not break because it is counted.
    }
  }

  function at(path) {
    return new URL(path, script.src || location.href).href;
  }

  function send(hit, track, pixel) {
    // A string is sent as text/plain, which needs no preflight.
    var body = JSON.stringify(hit);
    if (navigator.sendBeacon && navigator.sendBeacon(track, body)) return;
    if (window.fetch) {
      fetch(track, { method: 'POST', body: body, keepalive: true }).catch(function () { image(hit, pixel); });
    } else {
      image(hit, pixel);
    }
  }

  function image(hit, pixel) {
    // Unlike encodeURIComponent it takes half an emoji, with which a cut title may end.
    new Image().src = pixel + '?' + new URLSearchParams(hit);
  }

  // A page that is only rendered ahead has not been viewed yet.
  if (document.prerendering) document.addEventListener('prerenderingchange', view, { once: true });
  else view();
})(window, document);
