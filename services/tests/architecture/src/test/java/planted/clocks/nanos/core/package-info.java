/** A planted breach. */
package planted.clocks.nanos.core;
