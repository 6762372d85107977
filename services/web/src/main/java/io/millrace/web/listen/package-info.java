/** HTTP ports: how all of them are opened and closed. */
@NullMarked
package io.millrace.web.listen;

import org.jspecify.annotations.NullMarked;
