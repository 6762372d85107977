/** Several nodes in one process, for tests of ports that reach from one to another. */
@NullMarked
package io.millrace.web.fleet;

import org.jspecify.annotations.NullMarked;
