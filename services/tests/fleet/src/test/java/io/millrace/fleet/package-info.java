/** Several brokers and nodes, each a process of its own, and what is only true if they are one platform together. */
@NullMarked
package io.millrace.fleet;

import org.jspecify.annotations.NullMarked;
