/**
 * What workers at one node serve, seen from all others: functions, types of triggers, routes and guards, and who is there.
 * Everything a node says of itself holds for as long as its connection does.
 */
@NullMarked
package io.millrace.engine.reach;

import org.jspecify.annotations.NullMarked;
