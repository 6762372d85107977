/** Functions called by HTTP requests: the http triggers and their port. */
@NullMarked
package io.millrace.web.http;

import org.jspecify.annotations.NullMarked;
