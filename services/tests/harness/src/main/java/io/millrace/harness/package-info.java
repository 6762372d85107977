/** Processes to test from outside: nodes, JVMs and Node.js programs, on ports of their own. */
@NullMarked
package io.millrace.harness;

import org.jspecify.annotations.NullMarked;
