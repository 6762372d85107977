/** A planted breach. */
package planted.ports.kafka;
