/** A planted breach. */
package planted.cycles.a;
