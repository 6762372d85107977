/** A planted breach. */
package planted.strangers.kafka;
