/** A planted breach. */
package planted.purity.core;
