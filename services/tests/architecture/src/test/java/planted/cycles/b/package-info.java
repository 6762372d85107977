/** A planted breach. */
package planted.cycles.b;
