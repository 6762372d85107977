/** Whether what clients of one key were told can be explained by a single register: the search for such an order. */
@NullMarked
package io.millrace.testkit.linear;

import org.jspecify.annotations.NullMarked;
