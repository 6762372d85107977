/** JSON documents: immutable, exact numbers, bytes first and a tree on demand. */
@NullMarked
package io.millrace.core.value;

import org.jspecify.annotations.NullMarked;
