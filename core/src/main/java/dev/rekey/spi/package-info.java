/**
 * What Rekey asks of its surroundings: files of a member, an apiserver's state, the rewriting of objects, a place that keeps
 * keys, and time. No interface here has default methods, since Groovy 2.4 would send them to the closure that implements it.
 */
@NullMarked
package dev.rekey.spi;

import org.jspecify.annotations.NullMarked;
