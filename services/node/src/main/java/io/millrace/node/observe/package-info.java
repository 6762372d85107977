/** What can be seen from outside: logs, health, metrics. */
@NullMarked
package io.millrace.node.observe;

import org.jspecify.annotations.NullMarked;
