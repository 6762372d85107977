/** A planted breach. */
package planted.clocks.dice.core;
