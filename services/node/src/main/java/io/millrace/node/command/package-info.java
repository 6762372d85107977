/** The command line. */
@NullMarked
package io.millrace.node.command;

import org.jspecify.annotations.NullMarked;
