/** A planted breach. */
package planted.ports.engine;
