/**
 * The files of a member over SSH, and a tunnel to what the member can reach. Begin at {@link dev.rekey.ssh.SshTransport#to}.
 */
@NullMarked
package dev.rekey.ssh;

import org.jspecify.annotations.NullMarked;
