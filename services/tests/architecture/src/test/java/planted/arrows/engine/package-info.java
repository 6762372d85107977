/** A planted breach. */
package planted.arrows.engine;
