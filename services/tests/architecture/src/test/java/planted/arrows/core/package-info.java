/** A planted breach. */
package planted.arrows.core;
