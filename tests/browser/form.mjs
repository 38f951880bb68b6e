// A form in the browser: reading what it asks for, filling it in as a person does, sending it.

// The forms of the page with their controls: name, type, required, marked as optional, value (a list where several may be chosen), options.
export async function formsOn(page) {
  return await page.evaluate(() => [...document.forms].map((form, at) => {
    const controls = new Map(), hidden = {}
    for (const one of form.elements) {
      if (!one.name || one.disabled || /^(BUTTON|FIELDSET)$/.test(one.tagName)) continue
      if (one.type === 'hidden') { hidden[one.name] = one.value; continue }
      const several = one.type === 'checkbox' || one.multiple
      if (!controls.has(one.name)) {
        const field = one.closest('.field') ?? one.closest('.indicator') ?? one
        controls.set(one.name, { name: one.name, type: one.type, required: one.required, optional: !!field.querySelector('.optional'), inputmode: one.inputMode, autocomplete: one.autocomplete, value: several ? [] : '', options: [], error: field.querySelector('.error')?.textContent.trim() ?? '' })
      }
      const known = controls.get(one.name)
      if (one.type === 'checkbox' || one.type === 'radio') {
        known.options.push({ value: one.value, text: one.closest('label')?.textContent.trim() ?? '' })
        if (one.checked) known.value = one.type === 'radio' ? one.value : [...known.value, one.value]
      } else if (one.type === 'select-one') {
        known.options = [...one.options].map(({ value, text }) => ({ value, text }))
        known.value = one.value
      } else if (one.type !== 'file') {
        known.value = one.value
      }
    }
    const buttons = [...form.elements].filter((one) => one.tagName === 'BUTTON' && one.type === 'submit').map(({ name, value }) => ({ name, value }))
    return { at, method: form.method.toUpperCase(), action: new URL(form.action).pathname + new URL(form.action).search, hidden, controls: [...controls.values()], names: [...controls.keys()], buttons, valid: form.checkValidity() }
  }))
}

// Fills in the values: text, a list for boxes, {file} for a file. Other controls stay as they are.
export async function fill(page, form, values) {
  const plain = {}, files = []
  for (const [name, value] of Object.entries(values)) if (value?.file !== undefined) files.push([name, value.file]); else plain[name] = value
  const wrong = await page.evaluate(({ at, plain }) => {
    const form = document.forms[at], wrong = []
    for (const folded of document.querySelectorAll('details')) if (folded.contains(form) || form.contains(folded)) folded.open = true
    for (const one of form.elements) {
      if (!(one.name in plain) || one.type === 'hidden' || one.tagName === 'BUTTON') continue
      const value = plain[one.name]
      if (!(one.closest('label') ?? one).checkVisibility()) wrong.push(`${one.name} can not be seen`)
      if (one.type === 'radio') one.checked = one.value === value
      else if (one.type === 'checkbox') one.checked = value.includes(one.value)
      else one.value = value
      if (one.type === 'select-one' && one.value !== value) wrong.push(`${one.name} does not offer ${value}`)
      for (const event of ['input', 'change']) one.dispatchEvent(new Event(event, { bubbles: true }))
    }
    return wrong
  }, { at: form.at, plain })
  if (wrong.length) throw new Error(wrong.join(', '))
  for (const [name, file] of files) await page.locator('form').nth(form.at).locator(`[name="${name}"]`).setInputFiles(file)
}

// Clicks the button and returns {status, url, redirected}. Throws at once when the browser would not send the form.
export async function send(page, form, button = form.buttons[0]) {
  const stopped = await page.evaluate((at) => {
    const form = document.forms[at]
    for (let folded = form.closest('details'); folded; folded = folded.parentElement.closest('details')) folded.open = true
    return form.noValidate || form.checkValidity() ? '' : [...form.elements].filter((one) => one.willValidate && !one.checkValidity()).map((one) => one.name).join()
  }, form.at)
  if (stopped) throw new Error(`the browser does not send ${form.method} ${form.action}: it asks for ${stopped}`)
  const all = page.locator('form').nth(form.at).locator('button:not([type=button])')
  const which = form.buttons.findIndex((one) => one.name === button.name && one.value === button.value)
  const [answer] = await Promise.all([page.waitForNavigation(), all.nth(which).click()])
  return { status: answer?.status() ?? 0, url: page.url(), redirected: !!answer?.request().redirectedFrom() }
}

// Names of the fields that the error summary lists. Each of its links must lead to an input that can be focused and has the error, too.
export async function wrongFields(page) {
  return await page.evaluate(() => {
    const names = []
    for (const link of document.querySelectorAll('.error-summary a[href^="#"]')) {
      const target = document.getElementById(decodeURIComponent(link.hash.slice(1)))
      const input = target && (target.matches('input, select, textarea') ? target : target.querySelector('input, select, textarea'))
      names.push(!input ? `${link.hash} leads nowhere` : !target.closest('.field, .indicator, .answers').querySelector('.error') ? `${link.hash} is not marked` : input.name.replace(/_kept$/, ''))
    }
    return { names, whole: [...document.querySelectorAll('.error-summary strong')].map((one) => one.textContent) }
  })
}
