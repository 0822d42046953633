/** What etcd holds: which reader a stored value needs, and the value itself when the key is at hand. Pure. */
@NullMarked
package dev.rekey.stored;

import org.jspecify.annotations.NullMarked;
