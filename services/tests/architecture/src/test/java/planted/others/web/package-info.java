/** A planted breach. */
package planted.others.web;
