/** A planted breach. */
package planted.threads.pooled.engine;
