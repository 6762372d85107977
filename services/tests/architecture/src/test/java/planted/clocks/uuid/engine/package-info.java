/** A planted breach. */
package planted.clocks.uuid.engine;
