package dev.rekey.sshd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StraceTest {
    @Test
    void aCallThatOthersCameInBetweenOf_isOneLineWhereItBegan() {
        assertThat(Strace.joined("""
                        11 umask(022 <unfinished ...>
                        12 write(1</f>, "a <unfinished ...> b", 20) = 20
                        12 clone( <unfinished ...>
                        11 <... umask resumed>)              = 022
                        11 exit_group(0)                     = ?
                        12 <... clone resumed>child_stack=NULL, flags=SIGCHLD) = 13
                        14 read(3 <unfinished ...>
                        """)).isEqualTo("""
                        11 umask(022)              = 022
                        12 write(1</f>, "a <unfinished ...> b", 20) = 20
                        12 clone(child_stack=NULL, flags=SIGCHLD) = 13
                        11 exit_group(0)                     = ?
                        14 read(3
                        """);
    }
}
