// Makes plain pages quicker; every page works without it. Keeps nothing in the browser's store.
// Body attributes: data-live (signed in: keep the inbox counter live), data-shortcuts="off" (no single-key
// shortcuts), data-text-left, data-text-leave, data-text-sending (sentences in the reader's language).
(function () {
  'use strict';
  var body = document.body, text = body.dataset;
  var all = function (selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); };

  // ---- one submit per form ----
  var dirty = !!document.querySelector('form[data-unsaved]'); // the server has shown the form again with what was typed
  var waiting = null;
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
    if (form.dataset.shrinking) { event.preventDefault(); waiting = event.submitter; return; } // sent when the photo is ready
    if (!files_fit(form)) { event.preventDefault(); return; }
    form.dataset.sent = '1';
    if (form.hasAttribute('data-guard')) dirty = false; // sending another form (language, sign out) still warns
    // Only after this event: the name and value of a disabled button would not be sent.
    setTimeout(function () { buttons_of(form).forEach(function (b) { b.disabled = true; }); say(text.textSending); }, 0);
    setTimeout(free, 15000, form); // the idempotency key still guards a second try
  });
  window.addEventListener('pageshow', function () { all('form').forEach(free); });

  // ---- a form that was shown again: reloading it asks for it anew instead of sending it a second time ----
  var is_answer = document.querySelector('.error-summary') && all('form[method=post]').some(function (form) { return form.action === location.href.split(/[?#]/)[0]; });
  if (is_answer) history.replaceState(null, '', document.referrer.indexOf(location.origin + '/') === 0 ? document.referrer : location.href);

  // ---- leaving an edited form ----
  document.addEventListener('input', function (event) {
    if (event.target.form && event.target.form.hasAttribute('data-guard')) dirty = true;
  });
  window.addEventListener('beforeunload', function (event) {
    if (!dirty) return;
    event.preventDefault();
    event.returnValue = text.textLeave || '';
    setTimeout(function () { all('form').forEach(free); }, 0); // if the person stays after all
  });

  // ---- files: photos are made smaller, and too large files are reported before they are sent ----
  var side_max = 2000, photo_bytes = 1.5e6;
  var size_text = function (bytes) { return (bytes / 1048576).toFixed(1) + ' MB'; };
  function note_of(input) {
    var note = input.nextElementSibling;
    if (!note || !note.hasAttribute('data-file-note')) {
      note = document.createElement('p');
      note.setAttribute('data-file-note', '');
      note.setAttribute('role', 'status');
      input.parentNode.insertBefore(note, input.nextSibling);
    }
    return note;
  }
  function tell(input, words, wrong) {
    var note = note_of(input);
    note.className = wrong ? 'error' : 'left';
    note.textContent = words;
  }
  function files_fit(form) {
    if (!form.dataset.fileMax) return true;
    var sum = 0, bad = null;
    all('input[type=file]', form).forEach(function (input) {
      Array.prototype.forEach.call(input.files, function (file) {
        sum += file.size;
        if (file.size <= +form.dataset.fileMax) return;
        tell(input, form.dataset.textFileMax.replace('%n', file.name), true);
        bad = bad || input;
      });
      if (!bad && sum > +form.dataset.filesMax) { tell(input, form.dataset.textFilesMax, true); bad = input; }
    });
    if (!bad) return true;
    var folded = bad.closest('details');
    if (folded) folded.open = true;
    bad.focus();
    return false;
  }
  function smaller(file) { // promises the file or, for a photo, a smaller one
    if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size < photo_bytes) return Promise.resolve(file);
    return createImageBitmap(file).then(function (image) {
      var scale = Math.min(1, side_max / Math.max(image.width, image.height));
      var canvas = document.createElement('canvas');
      canvas.width = Math.round(image.width * scale);
      canvas.height = Math.round(image.height * scale);
      var pen = canvas.getContext('2d');
      pen.fillStyle = '#fff';
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(image, 0, 0, canvas.width, canvas.height);
      return new Promise(function (done) { canvas.toBlob(done, 'image/jpeg', 0.85); });
    }).then(function (blob) {
      if (!blob || blob.size >= file.size) return file;
      return new File([blob], file.name.replace(/\.[^.]*$/, '') + '.jpg', { type: 'image/jpeg' });
    }).catch(function () { return file; }); // this browser can't read the picture: the server will say so
  }
  document.addEventListener('change', function (event) {
    var input = event.target, form = input.form;
    if (input.type !== 'file' || !form || !form.dataset.fileMax || !window.createImageBitmap) return;
    note_of(input).textContent = '';
    form.dataset.shrinking = '1';
    var chosen = Array.prototype.slice.call(input.files), told = [];
    Promise.all(chosen.map(smaller)).then(function (files) {
      var list = new DataTransfer();
      files.forEach(function (file, at) {
        list.items.add(file);
        if (file !== chosen[at]) told.push(file.name + ' ' + size_text(chosen[at].size) + ' → ' + size_text(file.size));
      });
      if (!told.length) return;
      input.files = list.files;
      tell(input, form.dataset.textShrunk.replace('%n', told.join('; ')), false);
    }).catch(function () {}).then(function () {
      delete form.dataset.shrinking;
      if (waiting) waiting.click();
      waiting = null;
    });
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

  // ---- a diagram that is wider than the screen opens where the case stands ----
  all('.diagram').forEach(function (box) {
    var state = box.querySelector('.state.current');
    if (!state) return;
    var here = state.getBoundingClientRect(), frame = box.getBoundingClientRect();
    box.scrollLeft += here.left + here.width / 2 - frame.left - frame.width / 2;
    box.scrollTop += here.top + here.height / 2 - frame.top - frame.height / 2;
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

  // ---- tick all boxes of a name, or none ----
  all('[data-tick-all]').forEach(function (button) {
    var boxes = function () { return all('input[type=checkbox][name="' + button.dataset.tickAll + '"]'); };
    var words = button.textContent, every = function () { return boxes().every(function (b) { return b.checked; }); };
    var show = function () { button.textContent = every() ? button.dataset.none : words; };
    button.hidden = false;
    button.addEventListener('click', function () {
      var to = !every();
      boxes().forEach(function (b) { b.checked = to; });
      show();
    });
    document.addEventListener('change', show);
    window.addEventListener('pageshow', show);
  });

  // ---- live inbox counter: events while the page is in view, otherwise a request each minute ----
  var badge = document.querySelector('[data-unread]');
  function unread(n) {
    if (!badge || typeof n !== 'number' || badge.dataset.unread === String(n)) return;
    badge.dataset.unread = n;
    badge.textContent = n > 99 ? '99+' : n;
    badge.hidden = !n;
    count_work();
  }
  function count_work() { // tasks usually come with a message, so the worklist's tabs are counted anew, too
    var tab_of = function (box) { return document.querySelector('.tabs a[href="/work' + (box === 'todo' ? '' : '?box=' + box) + '"] .tabs__count'); };
    if (!tab_of('todo')) return;
    fetch('/api/v1/worklist/counts', { credentials: 'same-origin', headers: { Accept: 'application/json' } })
      .then(function (r) { return r.ok ? r.json() : {}; })
      .then(function (j) { ['todo', 'done', 'started'].forEach(function (box) { if (box in j) tab_of(box).textContent = j[box]; }); })
      .catch(function () {}); // the next event tries again
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
