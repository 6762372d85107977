// Finds modules as bundlers do, for one package that was made for them.
const PACKAGE = '/stream-client-browser-0.2.2/dist/'

export async function resolve(specifier, context, next) {
  const inside = context.parentURL?.includes(PACKAGE) && specifier.startsWith('.')
  return next(inside && !specifier.endsWith('.js') ? `${specifier}.js` : specifier, context)
}

export async function load(url, context, next) {
  return next(url, url.includes(PACKAGE) ? { ...context, format: 'module' } : context)
}
