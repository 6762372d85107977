/** Every setting there is, where its value comes from, and the configuration that is made of them. */
@NullMarked
package io.millrace.node.config;

import org.jspecify.annotations.NullMarked;
