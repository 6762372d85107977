/** A planted breach. */
package planted.clocks.instant.engine;
