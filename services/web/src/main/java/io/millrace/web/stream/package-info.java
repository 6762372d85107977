/** The stream port: WebSockets that join and leave groups. {@link io.millrace.web.stream.StreamGateway} is the door. */
@NullMarked
package io.millrace.web.stream;

import org.jspecify.annotations.NullMarked;
