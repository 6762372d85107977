/** A planted breach. */
package planted.others.kafka;
