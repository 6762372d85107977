/** WebSockets on connections that Undertow has upgraded: framing, and sockets that carry messages. */
@NullMarked
package io.millrace.web.socket;

import org.jspecify.annotations.NullMarked;
