/** Functions that are HTTP endpoints somewhere else. */
@NullMarked
package io.millrace.web.endpoint;

import org.jspecify.annotations.NullMarked;
