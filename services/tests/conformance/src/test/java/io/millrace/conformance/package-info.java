/** The schemas, the examples and the code, held against one another. */
@NullMarked
package io.millrace.conformance;

import org.jspecify.annotations.NullMarked;
