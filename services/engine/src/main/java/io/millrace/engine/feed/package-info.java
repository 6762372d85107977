/** Subscriptions: snapshot then live, without gap or duplicate. */
@NullMarked
package io.millrace.engine.feed;

import org.jspecify.annotations.NullMarked;
