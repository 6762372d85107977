/** A planted breach. */
package planted.threads.started.engine;
