/** A planted breach. */
package planted.threads.borrowed.core;
