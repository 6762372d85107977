/** A seeded world to run the engine in: time, threads, a log that can be fenced and fail, nodes that crash or fall asleep. */
@NullMarked
package io.millrace.testkit;

import org.jspecify.annotations.NullMarked;
