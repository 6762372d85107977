/** A planted breach. */
package planted.names.parent;
