/** A planted breach. */
package planted.strangers.web;
