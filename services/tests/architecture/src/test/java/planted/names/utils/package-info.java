/** A planted breach. */
package planted.names.utils;
