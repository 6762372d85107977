/** What the sockets and ports of this module have in common. */
@NullMarked
package io.millrace.web;

import org.jspecify.annotations.NullMarked;
