/** What the compiler cannot see: which way the arrows point, what is pure, and whether the documents still tell the truth. */
@NullMarked
package io.millrace.architecture;

import org.jspecify.annotations.NullMarked;
