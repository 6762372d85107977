/** Whole processes on real sockets: what is only true if everything together is. */
@NullMarked
package io.millrace.integration;

import org.jspecify.annotations.NullMarked;
