/** What seeded tests of the model share. */
@NullMarked
package io.millrace.core;

import org.jspecify.annotations.NullMarked;
