/** A planted breach. */
package planted.names.manager;
