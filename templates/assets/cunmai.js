// Makes plain pages quicker; every page works without it. Keeps nothing in the browser's store.
// Body attributes: data-live (signed in: keep the inbox counter live), data-shortcuts="off" (no single-key
// shortcuts), data-text-left, data-text-leave, data-text-sending (sentences in the reader's language).
(function () {
  'use strict';
  var body = document.body, text = body.dataset;
  var all = function (selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); };

  // ---- one submit per form ----
  var dirty = false;
  var buttons_of = function (form) { return all('button:not([type=button]), input[type=submit]', form); };
  var free = function (form) {
    if (!form.dataset.sent) return;
    delete form.dataset.sent;
    buttons_of(form).forEach(function (b) { b.disabled = false; });
  };
  document.addEventListener('submit', function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.method !== 'post') return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = '1';
    dirty = false;
    // After this turn: a disabled button's own name and value would not be sent.
    setTimeout(function () { buttons_of(form).forEach(function (b) { b.disabled = true; }); say(text.textSending); }, 0);
    setTimeout(free, 15000, form); // the idempotency key still guards a second try
  });
  window.addEventListener('pageshow', function () { all('form').forEach(free); });

  // ---- leaving an edited form ----
  document.addEventListener('input', function (event) {
    if (event.target.form && event.target.form.hasAttribute('data-guard')) dirty = true;
  });
  window.addEventListener('beforeunload', function (event) {
    if (dirty) { event.preventDefault(); event.returnValue = text.textLeave || ''; }
  });

  // ---- error summary takes the focus; its links focus the first control of a group ----
  var summary = document.querySelector('.error-summary');
  if (summary) summary.focus();
  document.addEventListener('click', function (event) {
    var link = event.target.closest && event.target.closest('.error-summary a[href^="#"]');
    var target = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!target) return;
    var control = target.matches('input,select,textarea') ? target : target.querySelector('input,select,textarea');
    if (control) { event.preventDefault(); control.focus(); (control.closest('.field') || control).scrollIntoView(); }
  });

  // ---- characters left ----
  all('textarea[maxlength]').forEach(function (area) {
    var note = document.createElement('p');
    note.className = 'left';
    area.parentNode.insertBefore(note, area.nextSibling);
    var show = function () {
      var left = area.maxLength - area.value.length;
      note.textContent = (text.textLeft || '%n').replace('%n', left);
      note.setAttribute('aria-live', left < 50 ? 'polite' : 'off');
    };
    area.addEventListener('input', show);
    show();
  });

  // ---- a quiet voice for screen readers ----
  var voice = document.createElement('div');
  voice.className = 'visually-hidden';
  voice.setAttribute('role', 'status');
  body.appendChild(voice);
  function say(words) { if (words) voice.textContent = words; }

  // ---- print, close menus ----
  document.addEventListener('click', function (event) {
    if (event.target.closest && event.target.closest('[data-print]')) window.print();
    all('details.menu[open]').forEach(function (m) { if (!m.contains(event.target)) m.open = false; });
  });
  all('[data-print]').forEach(function (b) { b.hidden = false; });

  // ---- live inbox counter: events while the page is in view, else a question a minute ----
  var badge = document.querySelector('[data-unread]');
  function unread(n) {
    if (!badge || typeof n !== 'number' || badge.dataset.unread === String(n)) return;
    badge.dataset.unread = n;
    badge.textContent = n > 99 ? '99+' : n;
    badge.hidden = !n;
  }
  if (badge && body.hasAttribute('data-live')) {
    var source = null, poll = 0;
    var ask = function () {
      fetch('/api/v1/notifications?unread=true&limit=1', { credentials: 'same-origin', headers: { Accept: 'application/json' } })
        .then(function (r) { if (r.status === 401) stop(); return r.ok ? r.json() : {}; })
        .then(function (j) { unread(j.unread); }).catch(function () {});
    };
    var changed = document.querySelector('[data-case][data-version]'); // a page about one case: never loaded anew by itself
    var moved = function (event) {
      try {
        var now = JSON.parse(event.data);
        if (now.id === changed.dataset.case && now.version > Number(changed.dataset.version)) changed.hidden = false;
      } catch (e) { /* not for us */ }
    };
    var heard = function (event) { try { unread(JSON.parse(event.data).unread); } catch (e) { /* not for us */ } };
    var stop = function () { if (source) source.close(); source = null; clearInterval(poll); poll = 0; };
    var start = function () {
      if (document.hidden) { stop(); return; } // a hidden page must not hold one of the browser's six connections
      if (source || poll) return;
      if (!window.EventSource) { poll = setInterval(ask, 60000); return; }
      source = new EventSource('/api/v1/events' + (changed ? '?case=' + encodeURIComponent(changed.dataset.case) : ''));
      source.onmessage = heard;
      source.addEventListener('inbox', heard);
      if (changed) source.addEventListener('case', moved);
      source.onerror = function () {
        if (source && source.readyState === 2) { source = null; if (!poll) poll = setInterval(ask, 60000); }
      };
    };
    document.addEventListener('visibilitychange', start);
    window.addEventListener('pagehide', stop);
    window.addEventListener('pageshow', start);
  }

  // ---- keys: / search, g i inbox, g h home, j k along [data-list], ? help, Escape closes a menu ----
  var last = '';
  var go = function (selector) { var a = document.querySelector(selector); if (a) a.click(); return !!a; };
  var along = function (step) {
    var links = all('[data-list] a[data-item]'), at = links.indexOf(document.activeElement);
    var next = links[at < 0 ? 0 : at + step];
    if (next) next.focus();
    return !!next;
  };
  document.addEventListener('keydown', function (event) {
    if (event.key === 'Escape') all('details.menu[open]').forEach(function (m) { m.open = false; m.firstElementChild.focus(); });
    if (text.shortcuts === 'off' || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable) return;
    var key = last + event.key, done = false;
    last = '';
    if (key === 'gi') done = go('[data-key="g i"]');
    else if (key === 'gh') done = go('[data-key="g h"]');
    else if (event.key === '?') done = go('[data-key="?"]');
    else if (event.key === 'j') done = along(1);
    else if (event.key === 'k') done = along(-1);
    else if (event.key === '/') {
      var box = document.querySelector('input[data-key="/"]') || document.querySelector('[data-key="/"]');
      if (box) { done = true; box.tagName === 'INPUT' ? box.focus() : box.click(); }
    } else if (event.key === 'g') { last = 'g'; setTimeout(function () { last = ''; }, 1200); }
    if (done) event.preventDefault();
  });
})();
