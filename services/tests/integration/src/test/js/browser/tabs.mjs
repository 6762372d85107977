// A browser whose tabs do as they are told, one JSON line at a time: node tabs.mjs <browser>
import { createInterface } from 'node:readline'
import puppeteer from 'puppeteer-core'

const browser = await puppeteer.launch({
  executablePath: process.argv[2],
  headless: true,
  // Nothing but pages of ours is ever opened, often as root and in containers, where there is no sandbox to be had.
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
})
const tabs = []

async function open({ url }) {
  // A context of its own: nothing is shared but the server.
  const page = await (await browser.createBrowserContext()).newPage()
  const tab = { page, loads: 0, lists: 0, errors: [] }
  page.on('load', () => tab.loads++)
  page.on('request', (request) => new URL(request.url()).pathname === '/todos' && request.method() === 'GET' && tab.lists++)
  page.on('pageerror', (error) => tab.errors.push(error.message))
  tabs.push(tab)
  await page.setViewport({ width: 640, height: 480 })
  await page.goto(url)
  return { tab: tabs.length - 1 }
}

async function add({ tab, title }) {
  const { page } = tabs[tab]
  await page.type('input[name=title]', title)
  await page.click('form button')
  return {}
}

/** Clicks on a part of the line that has this title. */
async function click({ tab, title, part }) {
  const lines = await tabs[tab].page.$$('li')
  for (const line of lines) {
    if ((await line.$eval('span', (span) => span.textContent)) === title) {
      await (await line.$(part)).click()
      return {}
    }
  }
  throw new Error(`${title}: not in the list`)
}

async function view({ tab }) {
  const { page, loads, lists, errors } = tabs[tab]
  const seen = await page.evaluate(() => ({
    state: document.querySelector('#state').textContent,
    metrics: document.querySelector('#metrics').textContent,
    open: [...document.querySelectorAll('li:not(.completed) span')].map((span) => span.textContent),
    completed: [...document.querySelectorAll('li.completed span')].map((span) => span.textContent),
  }))
  return { ...seen, loads, lists, errors }
}

async function screenshot({ tab, path }) {
  await tabs[tab].page.screenshot({ path })
  return {}
}

const can = { open, add, click, view, screenshot }
const say = (message) => process.stdout.write(`@@ ${JSON.stringify(message)}\n`)

for await (const line of createInterface({ input: process.stdin })) {
  const { ask, ...how } = JSON.parse(line)
  try {
    say(await can[ask](how))
  } catch (error) {
    say({ error: error.stack })
  }
}
await browser.close()
